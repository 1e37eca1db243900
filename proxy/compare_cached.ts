/**
 * Dry-run: the stage that stands in the place of `serveCached`, fills and looks up the cache as that
 * does, and answers every read from the origin. What the cache would have answered is compared with
 * what the origin answers.
 *
 * An entry holds a mark of its body in the body's place, and weighs as much as the body would: so
 * evictions are those of real operation, and no body is held. Two things are done otherwise: a range
 * is never fetched whole, and who meets a running fill asks the origin for itself.
 *
 * @module
 */
import type { Acquisition, Fill, Lease } from "@s3-edge-cache/cache";
import { BodyMark, isSameMark, readMark } from "./body_mark.ts";
import type { ComparisonObserver } from "./comparison.ts";
import { watchedBody } from "./complete_body.ts";
import { type AnswerHead, headDifferences, isNoAnswer } from "./difference.ts";
import { type EntryAddress, entryAddress, partAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import { objectResponse, partResponse } from "./entry_response.ts";
import { leadMark } from "./lead_mark.ts";
import { RangeMarks } from "./range_marks.ts";
import { missed, type Reading, type Sources } from "./reading.ts";
import {
  type CacheableRequest,
  type Handler,
  isCacheable,
  type Outcome,
  type RawResponse,
  type RoutedRequest,
} from "./request.ts";
import { contentLength } from "./response_size.ts";

/** What the stage is made of. */
export interface CompareParts extends Pick<Sources, "cache" | "now"> {
  /** Hears what came of each comparison. */
  readonly onCompared: ComparisonObserver;
}

interface CompareSources extends CompareParts {
  readonly next: Sources["next"];
  readonly ranges: RangeMarks;
}

/** The entry was found, and the origin answered. */
const COMPARED: Outcome = { kind: "compared" };

/**
 * Answers reads from the origin, and compares them with the cache.
 *
 * @param parts What the stage is made of.
 * @param next Forwards the request.
 */
export function compareCached(
  parts: CompareParts,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  const sources: CompareSources = { ...parts, next, ranges: new RangeMarks() };
  return (request) => {
    if (!isCacheable(request)) return next(request);
    const found = find(sources, request);
    switch (found.kind) {
      case "none":
        return missed(found.reading, sources);
      case "lead":
        return leadMark(found.fill, found.reading, sources);
      case "held":
        return compare(found.held, request, sources);
    }
  };
}

/** What the cache would have answered. */
interface HeldAnswer {
  readonly head: AnswerHead;
  readonly address: EntryAddress;
  readonly storedAt: number;
  /** The mark of the body; `undefined` where there is none, or it is not known yet. */
  readonly mark: Uint8Array | undefined;
  /** Under which name the mark of a range is remembered; `undefined` for all of an entry. */
  readonly range: string | undefined;
}

type Found =
  | { readonly kind: "none"; readonly reading: Reading }
  | { readonly kind: "lead"; readonly reading: Reading; readonly fill: Fill<EntryRecord> }
  | { readonly kind: "held"; readonly held: HeldAnswer };

function find(sources: CompareSources, request: CacheableRequest): Found {
  const { cache, now } = sources;
  const { cacheability: { variant, maxAgeSeconds }, raw, route } = request;
  const address = entryAddress(route, variant);
  const mustAsk = maxAgeSeconds < Infinity;
  const whole: Reading = { request, address, form: "whole", mustAsk };
  const range = raw.headers.get("range");
  if (!mustAsk && raw.method === "GET" && range === undefined) {
    return settle(cache.acquire(address.object, address.variant, now()), whole, sources);
  }
  const lease = cache.lookup(address.object, address.variant, now());
  if (lease !== undefined) return judge(lease, whole, sources);
  const part = mustAsk || raw.method === "HEAD" || range === undefined
    ? undefined
    : partAddress(route, address, range);
  if (part === undefined) return { kind: "none", reading: whole };
  const reading: Reading = { ...whole, address: part, form: "part" };
  return settle(cache.acquire(part.object, part.variant, now()), reading, sources);
}

function settle(
  acquired: Acquisition<EntryRecord>,
  reading: Reading,
  sources: CompareSources,
): Found {
  if (acquired.kind === "hit") return judge(acquired.lease, reading, sources);
  if (acquired.kind === "bypass") return { kind: "none", reading };
  acquired.stale?.release();
  if (acquired.kind === "lead") return { kind: "lead", reading, fill: acquired.fill };
  acquired.follower.release();
  return { kind: "none", reading };
}

/** What an entry would have answered; it is given back at once. */
function judge(lease: Lease<EntryRecord>, reading: Reading, sources: CompareSources): Found {
  const { request, address, form } = reading;
  const { size, storedAt } = lease;
  const time = sources.now();
  const whole = readMark(lease);
  let span: string | undefined;
  const open = (_lease: unknown, start: number, end: number) => {
    if (start > 0 || end < size) span = `${start}-${end}`;
    return new Uint8Array();
  };
  const isTooOld = time - storedAt >= request.cacheability.maxAgeSeconds * 1000;
  const head = isTooOld
    ? undefined
    : form === "part"
    ? partResponse(lease, open, request, time, COMPARED)
    : objectResponse(lease, open, request, time, COMPARED);
  lease.release();
  if (head === undefined) return { kind: "none", reading };
  const range = span && `${address.object}\n${address.variant}\n${span}`;
  const known = range === undefined ? whole : sources.ranges.get(range, storedAt);
  const mark = head.status === 200 || head.status === 206 ? known : undefined;
  return { kind: "held", held: { head, address, storedAt, mark, range } };
}

async function compare(
  held: HeldAnswer,
  request: CacheableRequest,
  sources: CompareSources,
): Promise<RawResponse> {
  const fresh = await sources.next(request);
  const response: RawResponse = { ...fresh, outcome: COMPARED };
  if (isNoAnswer(fresh.status)) return response;
  const differences = headDifferences(held.head, fresh);
  const { body } = fresh;
  if (differences.length > 0 || fresh.status >= 300 || body === null || "length" in body) {
    tell(differences, held, request, sources);
    return response;
  }
  const mark = new BodyMark();
  const watched = watchedBody(body, contentLength(fresh.headers), {
    onView: (view) => mark.update(view),
    onComplete: () => {
      const own = mark.finish();
      if (held.range !== undefined) sources.ranges.set(held.range, held.storedAt, own);
      const isSame = held.mark === undefined || isSameMark(held.mark, own);
      tell(isSame ? [] : ["body"], held, request, sources);
    },
    onRelease: () => {},
  });
  return { ...response, body: watched };
}

/** An entry that differs is dropped; only who drops it tells of it. */
function tell(
  differences: readonly string[],
  { address, storedAt }: HeldAnswer,
  request: CacheableRequest,
  { cache, onCompared }: CompareSources,
): void {
  const isOwn = differences.length === 0 ||
    cache.drop(address.object, address.variant, storedAt);
  if (isOwn) onCompared({ request, differences });
}
