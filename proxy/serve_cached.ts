/**
 * The stage that answers reads of objects from the cache, and fills it.
 *
 * A whole read *acquires* its entry: it finds it, leads its fill, or follows the fill that another
 * request leads. A HEAD and a range look it up only, and go to the origin as they are where it is
 * not held.
 *
 * @module
 */
import type { Acquisition, Cache } from "@s3-edge-cache/cache";
import { type EntryAddress, entryAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import { entryResponse } from "./entry_response.ts";
import { followFill, START_ANEW } from "./follow.ts";
import { leadFill } from "./lead.ts";
import {
  type CacheableRequest,
  type Handler,
  isCacheable,
  MISS,
  type RawResponse,
  type RoutedRequest,
} from "./request.ts";

/** How often a request joins a fill that breaks off before its first byte. */
const MOST_FILLS = 3;

/** What reads are answered from. */
interface Sources {
  readonly cache: Cache<EntryRecord>;
  readonly now: () => number;
  readonly next: Handler<RoutedRequest>;
}

/**
 * Answers a GetObject or HeadObject of a cacheable shape from its entry, or from the fill of it.
 *
 * @param cache The cache.
 * @param now The clock, in milliseconds since the epoch.
 * @param next Forwards the request.
 */
export function serveCached(
  cache: Cache<EntryRecord>,
  now: () => number,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  const sources: Sources = { cache, now, next };
  return (request) => {
    if (!isCacheable(request)) return next(request);
    const { cacheability, route, raw } = request;
    const address = entryAddress(route, cacheability.variant);
    const isWhole = raw.method === "GET" && !raw.headers.has("range");
    return (isWhole ? serveWhole : serveLookup)(sources, request, address);
  };
}

async function serveLookup(
  { cache, now, next }: Sources,
  request: CacheableRequest,
  { object, variant }: EntryAddress,
): Promise<RawResponse> {
  const time = now();
  const lease = cache.lookup(object, variant, time);
  return lease === undefined ? missed(await next(request)) : entryResponse(lease, request, time);
}

async function serveWhole(
  { cache, now, next }: Sources,
  request: CacheableRequest,
  { object, variant }: EntryAddress,
): Promise<RawResponse> {
  for (let fills = 0; fills < MOST_FILLS; fills++) {
    const time = now();
    const acquired: Acquisition<EntryRecord> = cache.acquire(object, variant, time);
    switch (acquired.kind) {
      case "hit":
        return entryResponse(acquired.lease, request, time);
      case "lead":
        return await leadFill(acquired.fill, request, now, next);
      case "bypass":
        return missed(await next(request));
      case "follow": {
        const response = await followFill(acquired.follower, request, time);
        if (response === undefined) return missed(await next(request));
        if (response !== START_ANEW) return response;
      }
    }
  }
  return missed(await next(request));
}

/** An answer that came from the origin, for the cache did not hold it. */
function missed(response: RawResponse): RawResponse {
  return { ...response, outcome: MISS };
}
