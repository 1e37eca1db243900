/**
 * How often entries were used.
 *
 * @module
 */

/**
 * Uses by slot, counted up to a cap, a byte a slot.
 *
 * Invariants:
 * - This is all that a hit changes, and it is raised from any isolate without a lock, by a plain
 *   read and a plain write. A count that is lost or comes back in such a race misplaces an entry
 *   and does no other harm.
 * - Every count that is written is at most the cap, whoever writes.
 * - A slot that is new has its count written before its first use is counted.
 */
export class Frequencies {
  readonly #uses: Uint8Array;
  readonly #cap: number;

  /**
   * Attaches to counts.
   *
   * @param uses The counts by slot.
   * @param cap The highest count, at most 255.
   */
  constructor(uses: Uint8Array, cap: number) {
    this.#uses = uses;
    this.#cap = cap;
  }

  /** The uses counted since the last `write`. */
  read(slot: number): number {
    return this.#uses[slot]!;
  }

  /** Sets the count. */
  write(slot: number, uses: number): void {
    this.#uses[slot] = uses;
  }

  /** Counts one use more, up to the cap. */
  raise(slot: number): void {
    const uses = this.#uses[slot]!;
    if (uses < this.#cap) this.#uses[slot] = uses + 1;
  }
}
