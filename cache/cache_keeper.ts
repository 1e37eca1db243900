/**
 * Looks after a memory that workers share, from outside.
 *
 * Invariants:
 * - A keeper voids a worker only when that worker runs no more: not a single instruction of it may
 *   follow. A thread that was told to end may still be copying; give it time.
 * - Voiding zeroes the worker's pins, aborts its fills, and makes its barriers the keeper's own: its
 *   writes may still be carried out. All of this may be done again.
 * - A worker that died inside the monitor has left the memory in an unknown state: it is poisoned,
 *   and only what its followers wait for is still set right.
 *
 * @module
 */
import type { CacheStats, Write } from "./cache.ts";
import { describeEntries, type EntryDescription } from "./describe_entries.ts";
import { FILL_WORKER_DIED } from "./fill.ts";
import { type CacheMemory, cacheViews } from "./memory.ts";
import { LEASES, WRITES } from "./memory_counts.ts";
import { auditStore } from "./shared_audit.ts";
import { sharedStats } from "./shared_stats.ts";
import { SharedStore } from "./shared_store.ts";
import type { StandingBarrier } from "./write_table.ts";
import { ABORTED, CODE, FILLING, LOST, PHASE, STATE, WORKER } from "./slot_words.ts";

/** Opens a memory, watches it, and clears up after workers that have died. */
export class CacheKeeper {
  readonly #store: SharedStore;

  /**
   * Looks after a memory.
   *
   * @param memory There is one keeper of a memory at a time.
   */
  constructor(memory: CacheMemory) {
    this.#store = new SharedStore(cacheViews(memory, memory.workers));
  }

  /** Whether the memory must be replaced. */
  get poisoned(): boolean {
    return this.#store.views.monitor.poisoned;
  }

  /** Lets entries in: every worker that has writes in flight has begun them in this memory. */
  open(): void {
    Atomics.store(this.#store.views.open, 0, 1);
  }

  /**
   * Clears up after a worker, whose number may be given to another one then.
   *
   * @param worker Runs no more.
   * @returns What it was writing, to be ended when that has had its time to take effect; `undefined`
   * if there was nothing.
   */
  voidWorker(worker: number): Write | undefined {
    const { room: { pool }, views } = this.#store;
    const { monitor, pins, writes } = views;
    if (monitor.isHeldBy(worker)) monitor.poison();
    pins.void(worker, pool.used);
    for (let slot = 0; slot < pool.used; slot++) {
      if (this.#fills(worker, slot)) this.#abort(worker, slot);
    }
    const heir = views.memory.workers;
    const barriers = monitor.run(() => writes.bequeath(worker, heir), []);
    const own = views.ownWords(worker);
    const count = Atomics.exchange(own, WRITES, 0);
    Atomics.store(own, LEASES, 0);
    return count + barriers.length === 0 ? undefined : this.#lostWrites(count, barriers);
  }

  #lostWrites(count: number, barriers: readonly StandingBarrier[]): Write {
    const { views: { monitor, writes, memory, ownWords } } = this.#store;
    const heir = memory.workers;
    const own = ownWords(heir);
    let open = true;
    Atomics.add(own, WRITES, count);
    return {
      end: () => {
        if (!open) return;
        open = false;
        Atomics.sub(own, WRITES, count);
        monitor.run(() => {
          for (const { barred, kind } of barriers) writes.remove(heir, barred, kind);
        }, undefined);
      },
    };
  }

  /** A moment's figures; zeros if the memory is poisoned. */
  stats(): CacheStats {
    return sharedStats(this.#store);
  }

  /** Every entry of an object, and every fill of one; none if the memory is poisoned. */
  entriesOf(object: string): readonly EntryDescription[] {
    return describeEntries(this.#store, object);
  }

  /**
   * Recomputes every sum and link from scratch.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    auditStore(this.#store);
  }

  #fills(worker: number, slot: number): boolean {
    const { slots } = this.#store.views;
    const state = slots.load(slot, STATE);
    return (state === FILLING || state === LOST) && slots.load(slot, WORKER) === worker;
  }

  #abort(worker: number, slot: number): void {
    const { slots, monitor } = this.#store.views;
    const finish = (): void => {
      slots.store(slot, CODE, FILL_WORKER_DIED);
      slots.store(slot, PHASE, ABORTED);
    };
    const ended = monitor.run(() => {
      if (!this.#fills(worker, slot)) return true;
      finish();
      this.#store.endFill(slot);
      return true;
    }, false);
    if (!ended) finish();
    slots.signal(slot);
  }
}
