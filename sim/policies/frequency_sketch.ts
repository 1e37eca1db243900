/**
 * How often keys were used of late, in little memory.
 *
 * @module
 */

/** Rows of counters, each with a hash of its own. */
const ROWS = 4;

/** What a counter counts to. */
const CAP = 15;

/** Uses a counter, after which all counters are halved. */
const SAMPLE = 10;

/**
 * A count-min sketch with conservative update and aging, as TinyLFU has it (Einziger, Friedman,
 * Manes: "TinyLFU: a highly efficient cache admission policy", ACM Transactions on Storage 13,
 * 2017). The count of a key is never below the truth, aging aside, and seldom above it.
 */
export class FrequencySketch {
  readonly #counters: Uint8Array;
  readonly #mask: number;
  readonly #sample: number;
  #uses = 0;

  /** A sketch for about `keys` different keys. */
  constructor(keys: number) {
    const width = 2 ** Math.ceil(Math.log2(Math.max(2 * keys, 64)));
    this.#counters = new Uint8Array(width * ROWS);
    this.#mask = width - 1;
    this.#sample = SAMPLE * width;
  }

  /** Counts a use of a key. */
  add(high: number, low: number): void {
    const count = this.count(high, low);
    if (count < CAP) {
      for (let row = 0; row < ROWS; row++) {
        const cell = this.#cell(high, low, row);
        if (this.#counters[cell] === count) this.#counters[cell] = count + 1;
      }
    }
    if (++this.#uses >= this.#sample) this.#age();
  }

  /** How often a key was used, as far as can be told. */
  count(high: number, low: number): number {
    let least = CAP;
    for (let row = 0; row < ROWS; row++) {
      least = Math.min(least, this.#counters[this.#cell(high, low, row)]!);
    }
    return least;
  }

  #cell(high: number, low: number, row: number): number {
    const mixed = Math.imul(low + Math.imul(row, high | 1), 0x9e3779b1);
    return row * (this.#mask + 1) + ((mixed ^ (mixed >>> 15)) & this.#mask);
  }

  #age(): void {
    this.#uses = 0;
    for (let cell = 0; cell < this.#counters.length; cell++) this.#counters[cell]! >>>= 1;
  }
}
