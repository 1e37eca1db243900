/**
 * What could be reached if the future were known.
 *
 * @module
 */
import type { Policy } from "@s3-edge-cache/cache";
import type { Clairvoyant } from "./clairvoyant.ts";

/**
 * Lets go of what will not be used for the longest time (Belady: "A study of replacement algorithms
 * for a virtual-storage computer", IBM Systems Journal 5, 1966). The best that any policy can do
 * where all entries weigh the same; where they do not, a good mark and no bound.
 *
 * A heap of slots by next use, the latest first, in flat arrays.
 */
export class Belady implements Policy, Clairvoyant {
  readonly #weights: Float64Array;
  readonly #nextUses: Float64Array;
  readonly #heap: Int32Array;
  readonly #places: Int32Array;
  #entries = 0;
  #weight = 0;

  /** A policy over slots below `slots`. */
  constructor(slots: number) {
    this.#weights = new Float64Array(slots);
    this.#nextUses = new Float64Array(slots);
    this.#heap = new Int32Array(slots);
    this.#places = new Int32Array(slots);
  }

  /** Slots held. */
  get entries(): number {
    return this.#entries;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#weight;
  }

  /** Nothing: `foresee` tells all. */
  access(_slot: number): void {}

  /** Takes a slot in, which is used never as far as it knows. */
  insert(slot: number, weight: number, _high: number, _low: number): void {
    this.#weights[slot] = weight;
    this.#weight += weight;
    this.#nextUses[slot] = Infinity;
    this.#rise(slot, this.#entries++);
  }

  /** Puts a slot in its place. */
  foresee(slot: number, nextUse: number): void {
    this.#nextUses[slot] = nextUse;
    this.#rise(slot, this.#places[slot]!);
    this.#sink(slot, this.#places[slot]!);
  }

  /** Takes a slot out. */
  remove(slot: number): void {
    this.#weight -= this.#weights[slot]!;
    this.#entries -= 1;
    const last = this.#heap[this.#entries]!;
    if (last === slot) return;
    this.#rise(last, this.#places[slot]!);
    this.#sink(last, this.#places[last]!);
  }

  /** Takes out the slot that is used last. */
  evict(_high: number, _low: number): number {
    if (this.#entries === 0) return -1;
    const slot = this.#heap[0]!;
    this.remove(slot);
    return slot;
  }

  /** Recomputes the sum, and that no slot is used later than the one above it. */
  audit(visit: (slot: number, weight: number) => void): void {
    let weight = 0;
    for (let place = 0; place < this.#entries; place++) {
      const slot = this.#heap[place]!;
      const above = this.#heap[(place - 1) >> 1];
      const late = place > 0 && this.#nextUses[slot]! > this.#nextUses[above!]!;
      if (late || this.#places[slot] !== place) throw new Error(`Slot ${slot} is out of place`);
      weight += this.#weights[slot]!;
      visit(slot, this.#weights[slot]!);
    }
    if (weight !== this.#weight) throw new Error(`The sum is ${weight}, not ${this.#weight}`);
  }

  #rise(slot: number, from: number): void {
    let place = from;
    while (place > 0) {
      const above = this.#heap[(place - 1) >> 1]!;
      if (this.#nextUses[above]! >= this.#nextUses[slot]!) break;
      this.#put(above, place);
      place = (place - 1) >> 1;
    }
    this.#put(slot, place);
  }

  #sink(slot: number, from: number): void {
    let place = from;
    for (let below = 2 * place + 1; below < this.#entries; below = 2 * place + 1) {
      const [left, right] = [this.#heap[below]!, this.#heap[below + 1]!];
      const later = below + 1 < this.#entries && this.#nextUses[right]! > this.#nextUses[left]!;
      const next = later ? right : left;
      if (this.#nextUses[next]! <= this.#nextUses[slot]!) break;
      this.#put(next, place);
      place = later ? below + 1 : below;
    }
    this.#put(slot, place);
  }

  #put(slot: number, place: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }
}
