/**
 * SIEVE.
 *
 * Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is simpler than LRU: an efficient turn-key eviction
 * algorithm for web caches", NSDI 2024, Algorithm 1.
 *
 * @module
 */
import type { Policy } from "@s3-edge-cache/cache";
import { NONE, SlotList } from "./slot_list.ts";

/**
 * One queue and a hand that moves from the oldest to the newest: it spares what was used since it
 * last came by, and lets go of the first that was not. What it spares stays where it is.
 */
export class Sieve implements Policy {
  readonly #list: SlotList;
  readonly #visited: Uint8Array;
  #hand = NONE;

  /** A policy over slots below `slots`. */
  constructor(slots: number) {
    this.#list = new SlotList(slots);
    this.#visited = new Uint8Array(slots);
  }

  /** Slots held. */
  get entries(): number {
    return this.#list.entries;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#list.weight;
  }

  /** Marks a slot. */
  access(slot: number): void {
    this.#visited[slot] = 1;
  }

  /** Makes a slot the newest, unmarked. */
  insert(slot: number, weight: number, _high: number, _low: number): void {
    this.#visited[slot] = 0;
    this.#list.push(slot, weight);
  }

  /** Takes a slot out. */
  remove(slot: number): void {
    if (slot === this.#hand) this.#hand = this.#list.newerThan(slot);
    this.#list.remove(slot);
  }

  /** Takes out the first slot from the hand on that is not marked, and unmarks those before it. */
  evict(_high: number, _low: number): number {
    let slot = this.#hand === NONE ? this.#list.oldest : this.#hand;
    while (slot !== NONE && this.#visited[slot] === 1) {
      this.#visited[slot] = 0;
      const newer = this.#list.newerThan(slot);
      slot = newer === NONE ? this.#list.oldest : newer;
    }
    this.#hand = slot;
    if (slot !== NONE) this.remove(slot);
    return slot;
  }

  /** Audits the list. */
  audit(visit: (slot: number, weight: number) => void): void {
    this.#list.audit(visit);
  }
}
