/**
 * The keys that were let go of last.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";

/** Cell of the index that names no position. */
const EMPTY = 0;

const FIRST = 0;
const SPAN = 1;
const ENTRIES = 2;

/** Words that a ghost has of its own. */
export const GHOST_WORDS = 3;

/** Cells of the index of a ghost with `length` places: a power of two, at least twice as many. */
export function indexLength(length: number): number {
  return 2 ** Math.ceil(Math.log2(2 * length));
}

/** Ghosts of one length in arrays one after another. */
export interface GhostTable {
  /** Places in the ring of each. */
  readonly length: number;
  /** Oldest place, places in use and keys remembered, {@linkcode GHOST_WORDS} a ghost. */
  readonly words: Int32Array;
  /** First hash of the key by place. */
  readonly high: Int32Array;
  /** Second hash of the key by place. */
  readonly low: Int32Array;
  /** 1 where the key of a place is remembered, by place. */
  readonly live: Uint8Array;
  /** Place in the ghost's ring plus one, by hash, 0 for none; {@linkcode indexLength} a ghost. */
  readonly cells: Int32Array;
}

/**
 * Remembers keys by their two hashes, without their entries. Hashes are signed 32-bit integers,
 * which V8 hands about without allocation.
 *
 * A key is remembered while fewer than `limit` others were pushed after it, and until it is
 * taken. The keys lie in a ring in order of their coming; an open-addressed index with linear
 * probing, at most half full, finds them. A key that is taken leaves its place in the ring empty,
 * to be passed over when its turn comes, so that nothing moves and nothing is left behind.
 * Memory: 9 bytes a ring place and 8 to 16 of index.
 *
 * Two keys that share both 32-bit hashes are one to the ghost.
 *
 * Invariants:
 * - Nothing of the ghost is in the object: all that attach to the same memory are one ghost, as
 *   long as they are used in turns.
 * - Zeros are an empty ghost.
 */
export class Ghost {
  readonly #words: Int32Array;
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #live: Uint8Array;
  readonly #cells: Int32Array;
  readonly #length: number;
  readonly #mask: number;
  readonly #firstWord: number;
  readonly #firstPlace: number;
  readonly #firstCell: number;

  /**
   * Attaches to a ghost.
   *
   * @param table The memory of ghosts.
   * @param ghost Which of them.
   */
  constructor(table: GhostTable, ghost: number) {
    const cells = indexLength(table.length);
    this.#words = table.words;
    this.#high = table.high;
    this.#low = table.low;
    this.#live = table.live;
    this.#cells = table.cells;
    this.#length = table.length;
    this.#mask = cells - 1;
    this.#firstWord = ghost * GHOST_WORDS;
    this.#firstPlace = ghost * table.length;
    this.#firstCell = ghost * cells;
  }

  /** Keys remembered. */
  get entries(): number {
    return this.#words[this.#firstWord + ENTRIES]!;
  }

  /**
   * Remembers a key as the newest, and forgets what is beyond the limit.
   *
   * @param high First hash of the key.
   * @param low Second hash of the key.
   * @param limit How many of the keys that were pushed last are remembered, this one included; at
   * most the length of the ring.
   */
  push(high: number, low: number, limit: number): void {
    const words = this.#words;
    const word = this.#firstWord;
    while (words[word + SPAN]! > 0 && words[word + SPAN]! >= limit) this.#forgetOldest();
    if (limit < 1) return;
    const cell = this.#cellOf(high, low);
    const former = this.#cells[cell]!;
    if (former === EMPTY) words[word + ENTRIES] = words[word + ENTRIES]! + 1;
    else this.#live[this.#firstPlace + former - 1] = 0;
    const span = words[word + SPAN]!;
    const end = words[word + FIRST]! + span;
    const place = end < this.#length ? end : end - this.#length;
    this.#high[this.#firstPlace + place] = high;
    this.#low[this.#firstPlace + place] = low;
    this.#live[this.#firstPlace + place] = 1;
    this.#cells[cell] = place + 1;
    words[word + SPAN] = span + 1;
  }

  /** Forgets a key, and says whether it was remembered. */
  take(high: number, low: number): boolean {
    const cell = this.#cellOf(high, low);
    const place = this.#cells[cell]!;
    if (place === EMPTY) return false;
    this.#live[this.#firstPlace + place - 1] = 0;
    this.#words[this.#firstWord + ENTRIES] = this.entries - 1;
    this.#empty(cell);
    return true;
  }

  /**
   * Recomputes counts, ring and index.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    const first = this.#words[this.#firstWord + FIRST]!;
    const span = this.#words[this.#firstWord + SPAN]!;
    auditThat(span >= 0 && span <= this.#length, "the span of the ghost is longer than its ring");
    let found = 0;
    for (let i = 0; i < this.#length; i++) {
      const place = (first + i) % this.#length;
      const at = this.#firstPlace + place;
      if (this.#live[at] === 0) continue;
      auditThat(i < span, "the ghost has a key outside its span");
      const cell = this.#cellOf(this.#high[at]!, this.#low[at]!);
      auditEqual(this.#cells[cell], place + 1, "the ghost's index of a key");
      found += 1;
    }
    let indexed = 0;
    for (let cell = 0; cell <= this.#mask; cell++) {
      if (this.#cells[this.#firstCell + cell] !== EMPTY) indexed += 1;
    }
    auditEqual(this.entries, found, "the number of keys in the ghost");
    auditEqual(this.entries, indexed, "the number of keys in the ghost's index");
  }

  #forgetOldest(): void {
    const words = this.#words;
    const word = this.#firstWord;
    const first = words[word + FIRST]!;
    const at = this.#firstPlace + first;
    if (this.#live[at] === 1) this.take(this.#high[at]!, this.#low[at]!);
    words[word + FIRST] = first + 1 === this.#length ? 0 : first + 1;
    words[word + SPAN] = words[word + SPAN]! - 1;
  }

  /** The cell that names the key, or the empty one where its search ends. */
  #cellOf(high: number, low: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    const base = this.#firstCell;
    const ring = this.#firstPlace - 1;
    for (let next = low & mask;; next = (next + 1) & mask) {
      const place = cells[base + next]!;
      if (place === EMPTY) return base + next;
      if (this.#low[ring + place] === low && this.#high[ring + place] === high) return base + next;
    }
  }

  /**
   * Empties a cell, and closes the gap: a later cell of the same run moves in if its own search,
   * which begins at its home, would pass the gap.
   */
  #empty(cell: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    const base = this.#firstCell;
    let gap = cell - base;
    for (let next = (gap + 1) & mask;; next = (next + 1) & mask) {
      const place = cells[base + next]!;
      if (place === EMPTY) break;
      const home = this.#low[this.#firstPlace + place - 1]! & mask;
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        cells[base + gap] = place;
        gap = next;
      }
    }
    cells[base + gap] = EMPTY;
  }
}
