/**
 * How often entries were used.
 *
 * @module
 */
import { grown, grownLength } from "./slot_table.ts";

/**
 * Uses by slot, counted up to a cap.
 *
 * This is all that a hit changes. It stands apart from the queues so that the words may lie in
 * memory that other isolates raise while one isolate evicts; a use that is lost in such a race
 * misplaces an entry and does no other harm.
 */
export interface Frequencies {
  /** The uses counted since the last `write`. */
  read(slot: number): number;
  /** Sets the count. Called before any other use of a slot that is new. */
  write(slot: number, uses: number): void;
  /** Counts one use more, up to the cap. */
  raise(slot: number): void;
}

const FIRST_LENGTH = 64;

/** Frequencies of one isolate: a byte a slot. */
export class LocalFrequencies implements Frequencies {
  readonly #cap: number;
  readonly #bound: number;
  #uses: Uint8Array<ArrayBuffer>;

  /**
   * All counts at zero.
   *
   * @param cap The highest count, at most 255.
   * @param bound Slots are below it; the memory grows by doubling up to it.
   */
  constructor(cap: number, bound: number) {
    this.#cap = cap;
    this.#bound = bound;
    this.#uses = new Uint8Array(Math.min(FIRST_LENGTH, bound));
  }

  /** The uses counted since the last `write`. */
  read(slot: number): number {
    return this.#uses[slot]!;
  }

  /** Sets the count. */
  write(slot: number, uses: number): void {
    if (slot >= this.#uses.length) {
      const length = grownLength(this.#uses.length, slot, this.#bound);
      this.#uses = grown(this.#uses, new Uint8Array(length));
    }
    this.#uses[slot] = uses;
  }

  /** Counts one use more, up to the cap. */
  raise(slot: number): void {
    const uses = this.#uses[slot]!;
    if (uses < this.#cap) this.#uses[slot] = uses + 1;
  }
}
