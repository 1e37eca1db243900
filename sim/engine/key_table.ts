/**
 * A number for each key, in flat arrays.
 *
 * @module
 */

/** What is found where there is no key. */
export const ABSENT = 0;

/** Cells of an empty table. */
const FIRST_CELLS = 1_024;

/**
 * Maps the 64-bit hashes of keys to numbers above 0. Keys with the same hash are the same.
 *
 * Open addressing with linear search, at most half full; it doubles as it fills, and takes 24 to 48
 * bytes a key.
 */
export class KeyTable {
  #high: Int32Array = new Int32Array(FIRST_CELLS);
  #low: Int32Array = new Int32Array(FIRST_CELLS);
  #values: Int32Array = new Int32Array(FIRST_CELLS);
  #mask = FIRST_CELLS - 1;
  #size = 0;

  /** Keys in it. */
  get size(): number {
    return this.#size;
  }

  /** The number of a key, or {@linkcode ABSENT}. */
  get(high: number, low: number): number {
    return this.#values[this.#cellOf(high, low)]!;
  }

  /** Sets the number of a key, which is above 0. */
  set(high: number, low: number, value: number): void {
    let cell = this.#cellOf(high, low);
    if (this.#values[cell] === ABSENT) {
      if (2 * ++this.#size > this.#mask) {
        this.#double();
        cell = this.#cellOf(high, low);
      }
      this.#high[cell] = high;
      this.#low[cell] = low;
    }
    this.#values[cell] = value;
  }

  /** Takes a key out, if it is in it, and closes the gap. */
  delete(high: number, low: number): void {
    const mask = this.#mask;
    let gap = this.#cellOf(high, low);
    if (this.#values[gap] === ABSENT) return;
    this.#size -= 1;
    for (let next = (gap + 1) & mask; this.#values[next] !== ABSENT; next = (next + 1) & mask) {
      const home = this.#low[next]! & mask;
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      this.#high[gap] = this.#high[next]!;
      this.#low[gap] = this.#low[next]!;
      this.#values[gap] = this.#values[next]!;
      gap = next;
    }
    this.#values[gap] = ABSENT;
  }

  /** The cell of a key, or the empty one where its search ends. */
  #cellOf(high: number, low: number): number {
    let cell = low & this.#mask;
    while (
      this.#values[cell] !== ABSENT && (this.#low[cell] !== low || this.#high[cell] !== high)
    ) {
      cell = (cell + 1) & this.#mask;
    }
    return cell;
  }

  #double(): void {
    const [high, low, values] = [this.#high, this.#low, this.#values];
    const cells = 2 * values.length;
    this.#high = new Int32Array(cells);
    this.#low = new Int32Array(cells);
    this.#values = new Int32Array(cells);
    this.#mask = cells - 1;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === ABSENT) continue;
      const cell = this.#cellOf(high[i]!, low[i]!);
      this.#high[cell] = high[i]!;
      this.#low[cell] = low[i]!;
      this.#values[cell] = values[i]!;
    }
  }
}
