/**
 * Figures of a shared cache.
 *
 * @module
 */
import type { CacheStats } from "./cache.ts";
import { ENTRIES, EVICTIONS, FILLS, LEASES, WRITES } from "./memory_counts.ts";
import type { SharedStore } from "./shared_store.ts";

const NOTHING: CacheStats = Object.freeze({
  entries: 0,
  bytes: 0,
  evictions: 0,
  leases: 0,
  fills: 0,
  writes: 0,
});

/** A moment's figures; zeros if the memory is poisoned. Memory that is not read any more is freed. */
export function sharedStats(store: SharedStore): CacheStats {
  const { views } = store;
  return views.monitor.run(() => {
    store.room.reap();
    let leases = 0;
    let writes = 0;
    for (let worker = 0; worker <= views.memory.workers; worker++) {
      const own = views.ownWords(worker);
      leases += Atomics.load(own, LEASES);
      writes += Atomics.load(own, WRITES);
    }
    return {
      entries: views.counts[ENTRIES]!,
      bytes: store.room.heldBytes,
      evictions: views.sums[EVICTIONS]!,
      leases,
      fills: views.counts[FILLS]!,
      writes,
    };
  }, NOTHING);
}
