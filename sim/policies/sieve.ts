/**
 * SIEVE.
 *
 * Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is simpler than LRU: an efficient turn-key eviction
 * algorithm for web caches", NSDI 2024, Algorithm 1.
 *
 * @module
 */
import { Fifo } from "./fifo.ts";
import { NONE } from "./slot_list.ts";

/**
 * One queue and a hand that moves from the oldest to the newest: it spares what was used since it
 * last came by, and lets go of the first that was not. What it spares stays where it is.
 */
export class Sieve extends Fifo {
  readonly #visited: Uint8Array;
  #hand = NONE;

  /** A policy over slots below `slots`. */
  constructor(slots: number) {
    super(slots);
    this.#visited = new Uint8Array(slots);
  }

  /** Marks a slot. */
  override access(slot: number): void {
    this.#visited[slot] = 1;
  }

  /** Makes a slot the newest, unmarked. */
  override insert(slot: number, weight: number, high: number, low: number): void {
    this.#visited[slot] = 0;
    super.insert(slot, weight, high, low);
  }

  /** Takes a slot out. */
  override remove(slot: number): void {
    if (slot === this.#hand) this.#hand = this.list.newerThan(slot);
    super.remove(slot);
  }

  /** Takes out the first slot from the hand on that is not marked, and unmarks those before it. */
  override evict(_high: number, _low: number): number {
    let slot = this.#hand === NONE ? this.list.oldest : this.#hand;
    while (slot !== NONE && this.#visited[slot] === 1) {
      this.#visited[slot] = 0;
      const newer = this.list.newerThan(slot);
      slot = newer === NONE ? this.list.oldest : newer;
    }
    this.#hand = slot;
    if (slot !== NONE) this.remove(slot);
    return slot;
  }
}
