/**
 * W-TinyLFU.
 *
 * Einziger, Friedman, Manes: "TinyLFU: a highly efficient cache admission policy", ACM Transactions
 * on Storage 13, 2017, section 4.
 *
 * @module
 */
import type { Policy, PolicyCapacity } from "@s3-edge-cache/cache";
import { FrequencySketch } from "./frequency_sketch.ts";
import { NONE, SlotList } from "./slot_list.ts";

/** Share of the capacity that newcomers have. */
const WINDOW_SHARE = 0.01;

/** Share of the rest that is for what was used again. */
const PROTECTED_SHARE = 0.8;

/** The most keys that the sketch is made for. */
const MOST_KEYS = 2 ** 22;

/**
 * Newcomers wait in a small window, least recently used first out. Who leaves it is compared with
 * who would leave the rest: the one that was used more often of late stays. The rest is a segmented
 * LRU: what is used again is protected, and what the protected part has too much of is on
 * probation again.
 *
 * The paper leaves open what counts as a use. As in libCacheSim, which this one is held against, it
 * is an insertion, a hit outside the window, and each time that an entry is to leave the window.
 */
export class WTinyLfu implements Policy {
  readonly #window: SlotList;
  readonly #probation: SlotList;
  readonly #protected: SlotList;
  readonly #places: Uint8Array;
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #sketch: FrequencySketch;
  readonly #mainBytes: number;
  readonly #mainEntries: number;

  /**
   * An empty policy.
   *
   * @param capacity What it has to share out.
   */
  constructor(capacity: PolicyCapacity) {
    const { bytes, entries } = capacity;
    [this.#window, this.#probation, this.#protected] = [
      new SlotList(entries),
      new SlotList(entries),
      new SlotList(entries),
    ];
    this.#places = new Uint8Array(entries);
    this.#high = new Int32Array(entries);
    this.#low = new Int32Array(entries);
    this.#sketch = new FrequencySketch(Math.min(entries, MOST_KEYS));
    this.#mainBytes = bytes * (1 - WINDOW_SHARE);
    this.#mainEntries = Math.floor(entries * (1 - WINDOW_SHARE));
  }

  /** Slots held. */
  get entries(): number {
    return this.#window.entries + this.#mainHeld;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#window.weight + this.#probation.weight + this.#protected.weight;
  }

  /** Counts a use, and moves the slot up. */
  access(slot: number): void {
    const list = this.#listOf(slot);
    if (list !== this.#window) this.#countUse(slot);
    if (list !== this.#probation) return list.renew(slot);
    this.#move(slot, this.#protected);
    while (this.#protected.weight > this.#mainBytes * PROTECTED_SHARE) {
      this.#move(this.#protected.oldest, this.#probation);
    }
  }

  /** Takes a slot into the window. */
  insert(slot: number, weight: number, high: number, low: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#sketch.add(high, low);
    this.#window.push(slot, weight);
    this.#places[slot] = 0;
  }

  /** Takes a slot out. */
  remove(slot: number): void {
    this.#listOf(slot).remove(slot);
  }

  /** Compares who leaves the window with who leaves the rest, once that is full. */
  evict(_high: number, _low: number): number {
    for (;;) {
      const candidate = this.#window.oldest;
      const victim = this.#probation.oldest === NONE
        ? this.#protected.oldest
        : this.#probation.oldest;
      if (candidate === NONE) return this.#take(victim);
      this.#countUse(candidate);
      if (this.#hasRoom(candidate)) this.#move(candidate, this.#probation);
      else if (victim !== NONE && this.#count(candidate) > this.#count(victim)) {
        this.remove(victim);
        this.#move(candidate, this.#probation);
        return victim;
      } else return this.#take(candidate);
    }
  }

  /** Audits the three lists. */
  audit(visit: (slot: number, weight: number) => void): void {
    for (const [place, list] of [this.#window, this.#probation, this.#protected].entries()) {
      list.audit((slot, weight) => {
        if (this.#places[slot] !== place) throw new Error(`Slot ${slot} is in another list`);
        visit(slot, weight);
      });
    }
  }

  get #mainHeld(): number {
    return this.#probation.entries + this.#protected.entries;
  }

  #hasRoom(slot: number): boolean {
    const weight = this.#probation.weight + this.#protected.weight + this.#window.weightOf(slot);
    return weight <= this.#mainBytes && this.#mainHeld < this.#mainEntries;
  }

  #countUse(slot: number): void {
    this.#sketch.add(this.#high[slot]!, this.#low[slot]!);
  }

  #count(slot: number): number {
    return this.#sketch.count(this.#high[slot]!, this.#low[slot]!);
  }

  #take(slot: number): number {
    if (slot !== NONE) this.remove(slot);
    return slot;
  }

  #listOf(slot: number): SlotList {
    const place = this.#places[slot];
    return place === 0 ? this.#window : place === 1 ? this.#probation : this.#protected;
  }

  #move(slot: number, to: SlotList): void {
    to.push(slot, this.#listOf(slot).remove(slot));
    this.#places[slot] = to === this.#window ? 0 : to === this.#probation ? 1 : 2;
  }
}
