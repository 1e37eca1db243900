/**
 * A cache for one isolate.
 *
 * @module
 */
import { CacheKeeper } from "./cache_keeper.ts";
import { createCacheMemory } from "./memory.ts";
import { type CacheOptions, validateCacheOptions } from "./options.ts";
import { SharedCache } from "./shared_cache.ts";

/**
 * Makes a memory for one worker, and opens it.
 *
 * @param options Limits and codec.
 * @throws {TypeError | RangeError} as `validateCacheOptions`.
 *
 * @example
 * ```ts
 * import { CACHE_DEFAULTS, openCache } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const codec = {
 *   encode: (etag: string) => new TextEncoder().encode(etag),
 *   decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
 * };
 * const cache = openCache({ ...CACHE_DEFAULTS, codec });
 * assert.equal(cache.lookup("bucket/key", "", 0), undefined);
 * ```
 */
export function openCache<R>(options: CacheOptions<R>): SharedCache<R> {
  validateCacheOptions(options);
  const memory = createCacheMemory(options, 1);
  new CacheKeeper(memory).open();
  return new SharedCache(memory, 0, options.codec);
}
