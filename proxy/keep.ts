/**
 * Answering a read by what the origin sent, and keeping that.
 *
 * The bytes go into the fill as fast as the origin sends them, and every client, the leader's own
 * among them, reads them from there: a slow reader slows nobody.
 *
 * @module
 */
import type { Awaitable, Fill, Follower } from "@s3-edge-cache/cache";
import {
  applyOverrides,
  type HeaderPair,
  parseContentRange,
  resolveRange,
} from "@s3-edge-cache/s3";
import type { ByteSource } from "@s3-edge-cache/upstream";
import { NOT_SHARED, ORIGIN_FAILED } from "./abort_code.ts";
import { collectedBody } from "./collect.ts";
import { conditionalResponse } from "./conditional_response.ts";
import { type EntryRecord, entryRecord, partRecord } from "./entry_record.ts";
import { objectResponse, partResponse } from "./entry_response.ts";
import { filledBody, followerBody } from "./follower_body.ts";
import { createIntegrityCheck, type IntegrityCheck, NOTHING_KNOWN } from "./integrity.ts";
import { pump } from "./pump.ts";
import { missed, type Reading, type Sources } from "./reading.ts";
import { discard, type ForwardReason, miss, type RawResponse } from "./request.ts";
import { contentLength } from "./response_size.ts";
import { isStorable } from "./storable.ts";
import { versionMark } from "./version_mark.ts";

/** What came of asking the origin. */
export interface Fetched {
  /** Takes the answer in; not begun. */
  readonly fill: Fill<EntryRecord>;
  /** The origin's answer. */
  readonly response: RawResponse;
  /** Whether it was asked just what the client asks; if not, for the object under no conditions. */
  readonly verbatim: boolean;
  /** Why it was asked. */
  readonly why: ForwardReason;
}

/** An answer that may be kept. */
export interface Content {
  /** What is stored beside the body. */
  readonly record: EntryRecord;
  /** Tells it from other versions of the object. */
  readonly version: number;
  /** The body. */
  readonly body: ByteSource;
  /** Its length in bytes; `undefined` where it is not known. */
  readonly size: number | undefined;
  /** Holds the body against what is known of it. */
  readonly check: IntegrityCheck;
}

/**
 * Answers a read by what was fetched for it. An answer that is not kept takes away what is held.
 *
 * @param fetched The origin's answer; its fill is ended here in every case.
 * @param reading The read.
 * @param sources What reads are answered from.
 */
export function keep(
  fetched: Fetched,
  reading: Reading,
  sources: Sources,
): Awaitable<RawResponse> {
  const { fill, response, why } = fetched;
  if (response.status !== (reading.form === "part" ? 206 : 200)) {
    fill.abort(response.status >= 500 ? ORIGIN_FAILED : NOT_SHARED);
    const answered = response.status < 300 ? overridden(response, reading) : response;
    return { ...answered, outcome: miss(false, why) };
  }
  const content = contentOf(response, reading, sources);
  if (content === undefined) return notKept(fetched, reading, sources);
  const { record, version, size } = content;
  if (size === undefined) {
    if (!fetched.verbatim) return notKept(fetched, reading, sources);
    const { trace } = reading.request.raw;
    const body = collectedBody(content.body, { ...content, fill, trace, now: sources.now });
    return { ...overridden(response, reading), body, outcome: miss(true, why) };
  }
  const follower = fill.follow();
  if (!fill.begin(record, size, version)) {
    follower.release();
    return notKept(fetched, reading, sources);
  }
  return kept(fetched, { ...content, size, follower }, reading, sources);
}

function kept(
  { fill, response, verbatim, why }: Fetched,
  content: Content & { size: number; follower: Follower<EntryRecord> },
  reading: Reading,
  sources: Sources,
): Awaitable<RawResponse> {
  const { record, body, size, check, follower } = content;
  const { now } = sources;
  const { trace } = reading.request.raw;
  const outcome = miss(true, why);
  if (verbatim) {
    const read = followerBody(follower, () => fill.followed || body.release());
    pump(body, { fill, check, size, trace, now });
    return { ...overridden(response, reading), body: read, outcome };
  }
  // The entry is wanted for its own sake, however little of it the client reads.
  const wanted = fill.follow();
  pump(body, { fill, check, size, trace, now }).finally(() => wanted.release());
  const filled = { record, size, follower, release: () => follower.release() };
  const open = filledBody;
  if (reading.form !== "part") {
    return objectResponse(filled, open, reading.request, now(), outcome);
  }
  return partResponse(filled, open, reading.request, now(), outcome) ?? missed(reading, sources);
}

function notKept(
  { fill, response, verbatim, why }: Fetched,
  reading: Reading,
  sources: Sources,
): Awaitable<RawResponse> {
  const { request, address, form } = reading;
  fill.abort(NOT_SHARED);
  sources.cache.drop(address.object, address.variant);
  const outcome = miss(false, why);
  if (verbatim) return { ...overridden(response, reading), outcome };
  const settled = conditionalResponse(entryRecord(response.headers), request, sources.now());
  const isPartWanted = request.raw.headers.has(form === "part" ? "if-range" : "range");
  if (settled === undefined && !isPartWanted) {
    return { ...overridden(response, reading), outcome };
  }
  discard(response);
  return settled === undefined ? missed(reading, sources) : { ...settled, outcome };
}

/** What may be kept of an answer, if anything. */
export function contentOf(
  { headers, body }: RawResponse,
  reading: Reading,
  { rules }: Pick<Sources, "rules">,
): Content | undefined {
  const isPart = reading.form === "part";
  if (body === null || body instanceof Uint8Array) return undefined;
  const size = contentLength(headers);
  // Of a body of unknown length only its digest tells whether it is whole.
  const isChecked = !isPart && (rules.checkMd5 || size === undefined);
  const check = isChecked ? createIntegrityCheck(headers) : NOTHING_KNOWN;
  if (!isStorable(headers, size, check)) return undefined;
  if (isPart && !isRangeAsked(headers, size, reading)) return undefined;
  const record = isPart ? partRecord(headers) : entryRecord(headers);
  const version = reading.address.current ? versionMark(record) : 0;
  return { record, version, body, size, check };
}

/** Whether an answer is just the range that was asked for. */
function isRangeAsked(
  headers: readonly HeaderPair[],
  length: number | undefined,
  { request }: Reading,
): boolean {
  const sent = parseContentRange(headers.find(([name]) => name === "content-range")?.[1] ?? "");
  if (sent?.size === undefined || length !== sent.last - sent.first + 1) return false;
  const asked = resolveRange(request.raw.headers.get("range"), sent.size);
  return asked.kind === "part" && asked.first === sent.first && asked.last === sent.last;
}

/** The answer's own head, shaped as the request wants it. */
export function overridden(response: RawResponse, { request }: Reading): RawResponse {
  return { ...response, headers: applyOverrides(response.headers, request.cacheability.overrides) };
}
