/**
 * The stage that answers reads of objects from the cache.
 *
 * @module
 */
import type { Cache } from "@s3-edge-cache/cache";
import { entryAddress } from "./entry_address.ts";
import type { EntryRecord } from "./entry_record.ts";
import { entryResponse } from "./entry_response.ts";
import type { Handler, RoutedRequest } from "./request.ts";

/**
 * Answers a GetObject or HeadObject of a cacheable shape from its entry, if one is held.
 *
 * @param cache The cache.
 * @param now The clock, in milliseconds since the epoch.
 * @param next Answers what the cache can't.
 */
export function serveCached(
  cache: Cache<EntryRecord>,
  now: () => number,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  return async (request) => {
    const { cacheability, route } = request;
    if (cacheability.kind === "bypass") return next(request);
    const time = now();
    const { object, variant } = entryAddress(route, cacheability.variant);
    const found = cache.lookup(object, variant, time);
    const lease = found instanceof Promise ? await found : found;
    if (lease === undefined) return next(request);
    return entryResponse(lease, request, cacheability.overrides, time);
  };
}
