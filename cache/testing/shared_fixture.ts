/**
 * Shared caches for tests.
 *
 * @module
 */
import { CacheKeeper } from "../cache_keeper.ts";
import { type CacheMemory, cacheViews, createCacheMemory } from "../memory.ts";
import type { CacheLimits } from "../options.ts";
import { SharedCache } from "../shared_cache.ts";
import { stringCodec } from "./cache_probe.ts";
import { CONFORMANCE_LIMITS } from "./conformance_case.ts";

/** A memory with everybody who works on it. */
export interface SharedFixture {
  /** Open. */
  readonly memory: CacheMemory;
  /** Looks after it. */
  readonly keeper: CacheKeeper;
  /** One cache for each worker. */
  readonly caches: readonly SharedCache<string>[];
}

/** Makes an open memory and attaches workers to it, all in this isolate. */
export function sharedCaches(
  workers: number,
  limits: Partial<CacheLimits> = {},
): SharedFixture {
  const memory = createCacheMemory({ ...CONFORMANCE_LIMITS, ...limits }, workers);
  const keeper = new CacheKeeper(memory);
  keeper.open();
  return { memory, keeper, caches: attachAll(memory) };
}

/** Attaches every worker of a memory. */
export function attachAll(memory: CacheMemory): SharedCache<string>[] {
  return Array.from(
    { length: memory.workers },
    (_, worker) => new SharedCache(memory, worker, stringCodec),
  );
}

/** Leaves a memory as a worker that dies inside the monitor leaves it. */
export function dieInside(memory: CacheMemory, worker: number): void {
  const views = cacheViews(memory, worker);
  Atomics.store(new Int32Array(memory.control), 0, worker + 1);
  if (!views.monitor.isHeldBy(worker)) {
    throw new Error("The holder is not the monitor's first word");
  }
}
