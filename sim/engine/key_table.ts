/**
 * A number for each key, in flat arrays.
 *
 * @module
 */

/** What is found where there is no key. */
export const ABSENT = 0;

/** Cells of an empty table. */
const FIRST_CELLS = 1_024;

/** Words of a cell, which lie together: two of hash, the number, and one that is not used. */
const CELL = 4;
const HIGH = 0;
const LOW = 1;
const VALUE = 2;

/**
 * Maps the 64-bit hashes of keys to numbers above 0. Keys with the same hash are the same.
 *
 * Open addressing with linear search, at most half full; it doubles as it fills, and takes 32 to 64
 * bytes a key.
 */
export class KeyTable {
  #words: Int32Array = new Int32Array(FIRST_CELLS * CELL);
  #mask = FIRST_CELLS - 1;
  #size = 0;

  /** Keys in it. */
  get size(): number {
    return this.#size;
  }

  /** The number of a key, or {@linkcode ABSENT}. */
  get(high: number, low: number): number {
    return this.#words[this.#find(high, low) + VALUE]!;
  }

  /** Sets the number of a key, which is above 0. */
  set(high: number, low: number, value: number): void {
    let at = this.#find(high, low);
    if (this.#words[at + VALUE] === ABSENT && 2 * ++this.#size > this.#mask) {
      this.#double();
      at = this.#find(high, low);
    }
    this.#write(at, high, low, value);
  }

  /** Takes a key out, if it is in it, and closes the gap. */
  delete(high: number, low: number): void {
    const words = this.#words;
    let gap = this.#find(high, low);
    if (words[gap + VALUE] === ABSENT) return;
    this.#size -= 1;
    const last = words.length - 1;
    for (let at = (gap + CELL) & last; words[at + VALUE] !== ABSENT; at = (at + CELL) & last) {
      const home = (words[at + LOW]! & this.#mask) * CELL;
      if (((at - home) & last) < ((at - gap) & last)) continue;
      this.#write(gap, words[at + HIGH]!, words[at + LOW]!, words[at + VALUE]!);
      gap = at;
    }
    words[gap + VALUE] = ABSENT;
  }

  /** Where the cell of a key begins, or the empty one where its search ends. */
  #find(high: number, low: number): number {
    const words = this.#words;
    let at = (low & this.#mask) * CELL;
    while (
      words[at + VALUE] !== ABSENT && (words[at + LOW] !== low || words[at + HIGH] !== high)
    ) {
      at = (at + CELL) & (words.length - 1);
    }
    return at;
  }

  #write(at: number, high: number, low: number, value: number): void {
    this.#words[at + HIGH] = high;
    this.#words[at + LOW] = low;
    this.#words[at + VALUE] = value;
  }

  #double(): void {
    const former = this.#words;
    this.#words = new Int32Array(2 * former.length);
    this.#mask = this.#words.length / CELL - 1;
    for (let at = 0; at < former.length; at += CELL) {
      if (former[at + VALUE] === ABSENT) continue;
      const [high, low] = [former[at + HIGH]!, former[at + LOW]!];
      this.#write(this.#find(high, low), high, low, former[at + VALUE]!);
    }
  }
}
