/**
 * Answering a read that the cache does not hold, and filling the cache with it.
 *
 * The fill was begun before the request is sent, so that a write in between is noticed. The bytes
 * go into the fill as fast as the origin sends them, and every client, the leader's own among
 * them, reads them from there: a slow reader slows nobody, and a leader that leaves ends the fill
 * only if nobody else reads along.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import { applyOverrides, type HeaderPair, Query, RESPONSE_OVERRIDES } from "@s3-edge-cache/s3";
import { abortCode, NOT_SHARED } from "./abort_code.ts";
import { type EntryRecord, entryRecord } from "./entry_record.ts";
import { followerBody } from "./follower_body.ts";
import { collectedBody } from "./collect.ts";
import { createIntegrityCheck } from "./integrity.ts";
import { pump } from "./pump.ts";
import {
  type CacheableRequest,
  type Handler,
  MISS,
  type RawResponse,
  type RoutedRequest,
  STORED_MISS,
} from "./request.ts";
import { isStorable } from "./storable.ts";

/**
 * Forwards a whole GetObject, and answers it from the fill that its answer goes into. The
 * object's own fields are asked for and stored, whatever the request overrides.
 *
 * @param fill Not begun; ended here in every case.
 * @param request The request.
 * @param now The clock, in milliseconds since the epoch.
 * @param next Forwards the request.
 */
export async function leadFill(
  fill: Fill<EntryRecord>,
  request: CacheableRequest,
  now: () => number,
  next: Handler<RoutedRequest>,
): Promise<RawResponse> {
  const { cacheability, raw: { trace } } = request;
  const response = await forwarded(fill, request, next);
  const { status, headers, body } = response;
  if (status !== 200) {
    fill.abort(NOT_SHARED);
    return { ...response, outcome: MISS };
  }
  const fields = applyOverrides(headers, cacheability.overrides);
  const check = createIntegrityCheck(headers);
  const size = contentLength(headers);
  if (body === null || body instanceof Uint8Array || !isStorable(headers, size, check)) {
    fill.abort(NOT_SHARED);
    return { ...response, headers: fields, outcome: MISS };
  }
  const record = entryRecord(headers);
  if (size === undefined) {
    const kept = collectedBody(body, { fill, record, check, trace, now });
    return { status, headers: fields, body: kept, outcome: STORED_MISS };
  }
  const follower = fill.follow();
  if (!fill.begin(record, size)) {
    follower.release();
    return { ...response, headers: fields, outcome: MISS };
  }
  const read = followerBody(follower, () => fill.followed || body.release());
  pump(body, { fill, check, size, trace, now });
  return { status, headers: fields, body: read, outcome: STORED_MISS };
}

/** The origin's answer; without one, followers hear why. */
async function forwarded(
  fill: Fill<EntryRecord>,
  request: CacheableRequest,
  next: Handler<RoutedRequest>,
): Promise<RawResponse> {
  using wanted = whileWanted(withoutOverrides(request), fill);
  try {
    return await next(wanted.request);
  } catch (error) {
    fill.abort(abortCode(error));
    throw error;
  }
}

/** The same request for the object as it is. */
function withoutOverrides(request: CacheableRequest): RoutedRequest {
  const query = request.target.query.without((name) => RESPONSE_OVERRIDES.has(name));
  if (query === request.target.query.raw) return request;
  return { ...request, target: { ...request.target, query: new Query(query) } };
}

/** The same request, given up only if its client leaves while nobody else waits for its answer. */
function whileWanted(request: RoutedRequest, fill: Fill<EntryRecord>): Wanted {
  const { signal } = request.raw;
  const unwanted = new AbortController();
  const onLeave = () => {
    if (!fill.followed) unwanted.abort();
  };
  signal.addEventListener("abort", onLeave, { once: true });
  return {
    request: { ...request, raw: { ...request.raw, signal: unwanted.signal } },
    [Symbol.dispose]: () => signal.removeEventListener("abort", onLeave),
  };
}

interface Wanted extends Disposable {
  readonly request: RoutedRequest;
}

function contentLength(headers: readonly HeaderPair[]): number | undefined {
  const value = headers.find(([name]) => name === "content-length")?.[1];
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
