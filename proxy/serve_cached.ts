/**
 * The stage that answers reads of objects from the cache, and fills it.
 *
 * A whole read *acquires* its entry: it finds it, leads its fill, or follows the fill that another
 * request leads. A HEAD and a range look it up only, and go to the origin as they are where it is
 * not held.
 *
 * @module
 */
import type { Acquisition, Awaitable, Cache } from "@s3-edge-cache/cache";
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

function serveLookup(
  sources: Sources,
  request: CacheableRequest,
  { object, variant }: EntryAddress,
): Awaitable<RawResponse> {
  const time = sources.now();
  const lease = sources.cache.lookup(object, variant, time);
  return lease === undefined ? missed(sources, request) : entryResponse(lease, request, time);
}

function serveWhole(
  sources: Sources,
  request: CacheableRequest,
  address: EntryAddress,
): Awaitable<RawResponse> {
  const time = sources.now();
  const acquired = sources.cache.acquire(address.object, address.variant, time);
  return acquired.kind === "hit"
    ? entryResponse(acquired.lease, request, time)
    : serveFill(sources, request, address, acquired);
}

/** Leads a fill or follows one; where that comes to nothing, the origin answers. */
async function serveFill(
  sources: Sources,
  request: CacheableRequest,
  { object, variant }: EntryAddress,
  first: Acquisition<EntryRecord>,
): Promise<RawResponse> {
  const { cache, now, next } = sources;
  let acquired = first;
  for (let fills = 1;; fills++) {
    switch (acquired.kind) {
      case "hit":
        return entryResponse(acquired.lease, request, now());
      case "lead":
        return await leadFill(acquired.fill, request, now, next);
      case "bypass":
        return missed(sources, request);
      case "follow": {
        const response = await followFill(acquired.follower, request, now());
        if (response === undefined) return missed(sources, request);
        if (response !== START_ANEW) return response;
      }
    }
    if (fills === MOST_FILLS) return missed(sources, request);
    acquired = cache.acquire(object, variant, now());
  }
}

/** The origin's answer, for the cache does not hold it. */
async function missed({ next }: Sources, request: CacheableRequest): Promise<RawResponse> {
  return { ...await next(request), outcome: MISS };
}
