import { CacheKeeper } from "./cache_keeper.ts";
import { createCacheMemory } from "./memory.ts";
import { SharedCache } from "./shared_cache.ts";
import { cacheConformance } from "./testing/cache_conformance.ts";
import { stringCodec } from "./testing/cache_probe.ts";
import { CachesInTurns } from "./testing/caches_in_turns.ts";

for (const workers of [1, 2, 3]) {
  const name = workers === 1 ? "SharedCache" : `SharedCache, ${workers} workers in turns`;
  cacheConformance(name, (limits) => {
    const memory = createCacheMemory(limits, workers);
    new CacheKeeper(memory).open();
    const caches = Array.from(
      { length: workers },
      (_, worker) => new SharedCache(memory, worker, stringCodec),
    );
    return {
      cache: new CachesInTurns(caches),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  });
}
