/**
 * What queues know of slots, in typed arrays: 25 bytes a slot, nothing allocated an operation.
 *
 * @module
 */

/** Stands for "no slot" in links and results. */
export const NO_SLOT = -1;

/** Tag of a slot that is in no queue. */
export const NO_QUEUE = 0;

const FIRST_LENGTH = 64;

/**
 * Links, weights and key hashes by slot.
 *
 * Several policies may share one table, as long as no two of them hold the same slot. The arrays
 * are replaced when the table grows: never keep one across an `ensure`.
 */
export class SlotTable {
  /** The slot queued after this one, or `NO_SLOT`. */
  newer: Int32Array<ArrayBuffer>;
  /** The slot queued before this one, or `NO_SLOT`. */
  older: Int32Array<ArrayBuffer>;
  /** Bytes that the entry is charged with. */
  weight: Float64Array<ArrayBuffer>;
  /** First hash of the key. */
  high: Uint32Array<ArrayBuffer>;
  /** Second hash of the key. */
  low: Uint32Array<ArrayBuffer>;
  /** The queue that the slot is in, or `NO_QUEUE`. */
  queue: Uint8Array<ArrayBuffer>;
  readonly #bound: number;

  /**
   * An empty table.
   *
   * @param bound Slots are below it; the table grows by doubling up to it.
   * @throws {RangeError} if the bound is not an integer above 0.
   */
  constructor(bound: number) {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new RangeError(`The bound of slots must be an integer above 0, is ${bound}`);
    }
    this.#bound = bound;
    const length = Math.min(FIRST_LENGTH, bound);
    this.newer = new Int32Array(length);
    this.older = new Int32Array(length);
    this.weight = new Float64Array(length);
    this.high = new Uint32Array(length);
    this.low = new Uint32Array(length);
    this.queue = new Uint8Array(length);
  }

  /**
   * Makes sure that the table has a row for `slot`.
   *
   * @throws {RangeError} if the slot is not below the bound.
   */
  ensure(slot: number): void {
    if (slot < this.queue.length) return;
    if (slot >= this.#bound) {
      throw new RangeError(`Slots must be below ${this.#bound}, one is ${slot}`);
    }
    const length = grownLength(this.queue.length, slot, this.#bound);
    this.newer = grown(this.newer, new Int32Array(length));
    this.older = grown(this.older, new Int32Array(length));
    this.weight = grown(this.weight, new Float64Array(length));
    this.high = grown(this.high, new Uint32Array(length));
    this.low = grown(this.low, new Uint32Array(length));
    this.queue = grown(this.queue, new Uint8Array(length));
  }
}

/** The length after doubling until `slot` has a place, at most `bound`. */
export function grownLength(length: number, slot: number, bound: number): number {
  let next = length;
  while (next <= slot) next *= 2;
  return Math.min(next, bound);
}

/** Copies an array into the beginning of a longer one. */
export function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
