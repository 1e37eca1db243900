/**
 * The keys that were let go of last.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";

const FIRST_LENGTH = 64;

/** Cell of the index that names no position. */
const EMPTY = 0;

/**
 * Remembers keys by their two hashes, without their entries.
 *
 * A key is remembered while fewer than `limit` others were pushed after it, and until it is
 * taken. The keys lie in a ring in order of their coming; an open-addressed index with linear
 * probing, at most half full, finds them. A key that is taken leaves its place in the ring empty,
 * to be passed over when its turn comes, so that nothing moves and nothing is left behind.
 * Memory: 9 bytes a ring place and 8 of index, in powers of two.
 *
 * Two keys that share both 32-bit hashes are one to the ghost.
 */
export class Ghost {
  #high = new Uint32Array(FIRST_LENGTH);
  #low = new Uint32Array(FIRST_LENGTH);
  #live = new Uint8Array(FIRST_LENGTH);
  /** Position in the ring plus one, by hash; `EMPTY` for none. */
  #cells = new Int32Array(2 * FIRST_LENGTH);
  #first = 0;
  #span = 0;
  #entries = 0;

  /** Keys remembered. */
  get entries(): number {
    return this.#entries;
  }

  /**
   * Remembers a key as the newest, and forgets what is beyond the limit.
   *
   * @param high First hash of the key.
   * @param low Second hash of the key.
   * @param limit How many of the keys that were pushed last are remembered, this one included.
   */
  push(high: number, low: number, limit: number): void {
    this.take(high, low);
    while (this.#span > 0 && this.#span >= limit) this.#forgetOldest();
    if (limit < 1) return;
    if (this.#span === this.#live.length) this.#grow();
    const position = (this.#first + this.#span) & (this.#live.length - 1);
    this.#high[position] = high;
    this.#low[position] = low;
    this.#live[position] = 1;
    this.#span += 1;
    this.#entries += 1;
    this.#enter(position);
  }

  /** Forgets a key, and says whether it was remembered. */
  take(high: number, low: number): boolean {
    const cell = this.#cellOf(high, low);
    const position = this.#cells[cell]!;
    if (position === EMPTY) return false;
    this.#live[position - 1] = 0;
    this.#entries -= 1;
    this.#empty(cell);
    return true;
  }

  /**
   * Recomputes counts, ring and index.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    const mask = this.#live.length - 1;
    let live = 0;
    for (let i = 0; i <= mask; i++) {
      const position = (this.#first + i) & mask;
      if (this.#live[position] === 0) continue;
      auditThat(i < this.#span, "the ghost has a key outside its span");
      const cell = this.#cellOf(this.#high[position]!, this.#low[position]!);
      auditEqual(this.#cells[cell], position + 1, "the ghost's index of a key");
      live += 1;
    }
    let indexed = 0;
    for (const cell of this.#cells) if (cell !== EMPTY) indexed += 1;
    auditEqual(this.#entries, live, "the number of keys in the ghost");
    auditEqual(this.#entries, indexed, "the number of keys in the ghost's index");
  }

  #forgetOldest(): void {
    const position = this.#first;
    if (this.#live[position] === 1) this.take(this.#high[position]!, this.#low[position]!);
    this.#first = (position + 1) & (this.#live.length - 1);
    this.#span -= 1;
  }

  /** The cell that names the key, or the empty one where its search ends. */
  #cellOf(high: number, low: number): number {
    const mask = this.#cells.length - 1;
    for (let cell = low & mask;; cell = (cell + 1) & mask) {
      const position = this.#cells[cell]!;
      if (position === EMPTY) return cell;
      if (this.#low[position - 1] === low && this.#high[position - 1] === high) return cell;
    }
  }

  #enter(position: number): void {
    this.#cells[this.#cellOf(this.#high[position]!, this.#low[position]!)] = position + 1;
  }

  /**
   * Empties a cell, and closes the gap: a later cell of the same run moves in if its own search,
   * which begins at its home, would pass the gap.
   */
  #empty(cell: number): void {
    const mask = this.#cells.length - 1;
    let gap = cell;
    for (let next = (gap + 1) & mask;; next = (next + 1) & mask) {
      const position = this.#cells[next]!;
      if (position === EMPTY) break;
      const home = this.#low[position - 1]! & mask;
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        this.#cells[gap] = position;
        gap = next;
      }
    }
    this.#cells[gap] = EMPTY;
  }

  #grow(): void {
    const length = this.#live.length;
    const [high, low, live, first] = [this.#high, this.#low, this.#live, this.#first];
    this.#high = new Uint32Array(2 * length);
    this.#low = new Uint32Array(2 * length);
    this.#live = new Uint8Array(2 * length);
    this.#cells = new Int32Array(4 * length);
    this.#first = 0;
    for (let i = 0; i < this.#span; i++) {
      const position = (first + i) & (length - 1);
      this.#high[i] = high[position]!;
      this.#low[i] = low[position]!;
      this.#live[i] = live[position]!;
      if (live[position] === 1) this.#enter(i);
    }
  }
}
