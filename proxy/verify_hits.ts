/**
 * Continuous verification: a stage before `serveCached` that checks a share of its hits against the
 * origin, after they were answered.
 *
 * @module
 */
import type { Cache, Lease } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";
import { ChangedRequest } from "./changed_request.ts";
import type { ComparisonObserver } from "./comparison.ts";
import { headDifferences, isNoAnswer } from "./difference.ts";
import { type EntryAddress, entryAddress, partAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import { plainRequest, type Reading } from "./reading.ts";
import {
  type CacheableRequest,
  discard,
  type Handler,
  isCacheable,
  type RawResponse,
  type RoutedRequest,
} from "./request.ts";
import { Trace } from "./trace.ts";

/** Every how many checks the whole body is fetched; the others ask for its fields. */
const DEEP_EVERY = 10;

/** Checks at a time; what comes meanwhile is not checked. */
const MOST_RUNNING = 4;

/** What the stage is made of. */
export interface VerifyParts {
  /** The entries. */
  readonly cache: Cache<EntryRecord>;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** The share of hits that is checked, 0 to 1. */
  readonly sample: number;
  /** Gives numbers from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Asks the origin. */
  readonly forwarded: Handler<RoutedRequest>;
  /** Hears what came of each check. */
  readonly onCompared: ComparisonObserver;
}

/**
 * Has a share of the hits checked.
 *
 * @param parts What the stage is made of.
 * @param next Answers requests, some of them from the cache.
 */
export function verifyHits(
  parts: VerifyParts,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  const { sample, random } = parts;
  let running = 0;
  let checks = 0;
  const check = async (request: CacheableRequest) => {
    running++;
    try {
      await verify(parts, request, checks++ % DEEP_EVERY === 0);
    } catch {
      // The origin can't answer now: nothing is known of the entry.
    }
    running--;
  };
  return (request) => {
    const response = next(request);
    if (
      !(response instanceof Promise) && response.outcome.kind === "hit" && random() < sample &&
      running < MOST_RUNNING && isCacheable(request)
    ) setTimeout(() => check(request), 0);
    return response;
  };
}

async function verify(
  parts: VerifyParts,
  request: CacheableRequest,
  isDeep: boolean,
): Promise<void> {
  const found = findEntry(parts, request);
  if (found === undefined) return;
  const { reading, lease } = found;
  try {
    const isPart = reading.form === "part";
    const method = isDeep || isPart ? "GET" : "HEAD";
    const fresh = await parts.forwarded(unattended(reading, method));
    const differences = await differencesOf(lease, fresh, isPart ? 206 : 200);
    if (differences !== undefined) tell(parts, reading, lease, differences);
  } finally {
    lease.release();
  }
}

/** The entry that such a read is answered from, if it still is. */
function findEntry(
  { cache, now }: VerifyParts,
  request: CacheableRequest,
): { readonly reading: Reading; readonly lease: Lease<EntryRecord> } | undefined {
  const { route, raw, cacheability } = request;
  const whole = entryAddress(route, cacheability.variant);
  const find = (address: EntryAddress, form: Reading["form"]) => {
    const lease = cache.lookup(address.object, address.variant, now());
    return lease && { reading: { request, address, form, mustAsk: false }, lease };
  };
  const found = find(whole, "whole");
  const range = raw.headers.get("range");
  if (found !== undefined || range === undefined) return found;
  const part = partAddress(route, whole, range);
  return part && find(part, "part");
}

/** The read's request for the object as it is, with no client behind it. */
function unattended(reading: Reading, method: "GET" | "HEAD"): RoutedRequest {
  const request = plainRequest(reading);
  const { signal } = new AbortController();
  const trace = new Trace(performance.now());
  return { ...request, raw: new ChangedRequest(request.raw, { method, signal, trace }) };
}

/** What differs; `undefined` where the origin did not say. */
async function differencesOf(
  lease: Lease<EntryRecord>,
  fresh: RawResponse,
  status: number,
): Promise<readonly string[] | undefined> {
  const { record, size } = lease;
  const headers = [...record.headers, ["content-length", String(size)] as const];
  const differences = headDifferences({ status, headers }, fresh);
  const { body } = fresh;
  if (isNoAnswer(fresh.status)) {
    discard(fresh);
    return undefined;
  }
  if (differences.length > 0 || body === null || body instanceof Uint8Array) {
    discard(fresh);
    return differences;
  }
  return await isSameBody(lease, body) ? [] : ["body"];
}

async function isSameBody(lease: Lease<EntryRecord>, body: ByteSource): Promise<boolean> {
  let at = 0;
  try {
    for (let view = await body.read(); view !== undefined; view = await body.read()) {
      if (at + view.length > lease.size) return false;
      let within = 0;
      for (const held of lease.chunks(at, at + view.length)) {
        for (const byte of held) if (byte !== view[within++]) return false;
      }
      at += view.length;
    }
    return at === lease.size;
  } finally {
    body.release();
  }
}

function tell(
  { cache, onCompared }: VerifyParts,
  { request, address }: Reading,
  { storedAt }: Lease<EntryRecord>,
  differences: readonly string[],
): void {
  const isOwn = differences.length === 0 ||
    cache.drop(address.object, address.variant, storedAt);
  if (isOwn) onCompared({ request, differences });
}
