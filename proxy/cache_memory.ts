/**
 * The memory of the cache, as the settings say.
 *
 * @module
 */
import { type CacheMemory, createCacheMemory } from "@s3-edge-cache/cache";
import type { Config } from "./settings.ts";

/**
 * The memory that a configuration asks for, with room for the supervisor beside the workers.
 *
 * @returns `undefined` where the cache is off.
 */
export function configuredMemory(config: Config): CacheMemory | undefined {
  if (!config.CACHE_ENABLED) return undefined;
  return createCacheMemory({
    maxBytes: config.CACHE_MAX_SIZE_BYTES,
    maxEntries: config.CACHE_MAX_ENTRIES,
    maxObjectBytes: config.CACHE_MAX_OBJECT_SIZE_BYTES,
    ttlMs: config.CACHE_TTL_SECONDS * 1000,
    shards: config.CACHE_SHARDS,
  }, config.WORKER_THREADS + 1);
}
