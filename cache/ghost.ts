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
  readonly high: Uint32Array;
  /** Second hash of the key by place. */
  readonly low: Uint32Array;
  /** 1 where the key of a place is remembered, by place. */
  readonly live: Uint8Array;
  /** Place in the ghost's ring plus one, by hash, 0 for none; {@linkcode indexLength} a ghost. */
  readonly cells: Int32Array;
}

/**
 * Remembers keys by their two hashes, without their entries.
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
  readonly #table: GhostTable;
  readonly #words: number;
  readonly #ring: number;
  readonly #cells: number;
  readonly #mask: number;

  /**
   * Attaches to a ghost.
   *
   * @param table The memory of ghosts.
   * @param ghost Which of them.
   */
  constructor(table: GhostTable, ghost: number) {
    const cells = indexLength(table.length);
    this.#table = table;
    this.#words = ghost * GHOST_WORDS;
    this.#ring = ghost * table.length;
    this.#cells = ghost * cells;
    this.#mask = cells - 1;
  }

  /** Keys remembered. */
  get entries(): number {
    return this.#table.words[this.#words + ENTRIES]!;
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
    this.take(high, low);
    const table = this.#table;
    const { words, length } = table;
    const base = this.#words;
    while (words[base + SPAN]! > 0 && words[base + SPAN]! >= limit) this.#forgetOldest();
    if (limit < 1) return;
    const span = words[base + SPAN]!;
    let place = words[base + FIRST]! + span;
    if (place >= length) place -= length;
    const at = this.#ring + place;
    table.high[at] = high;
    table.low[at] = low;
    table.live[at] = 1;
    words[base + SPAN] = span + 1;
    words[base + ENTRIES] = words[base + ENTRIES]! + 1;
    table.cells[this.#cellOf(high, low)] = place + 1;
  }

  /** Forgets a key, and says whether it was remembered. */
  take(high: number, low: number): boolean {
    const { words, live, cells } = this.#table;
    const cell = this.#cellOf(high, low);
    const place = cells[cell]!;
    if (place === EMPTY) return false;
    live[this.#ring + place - 1] = 0;
    words[this.#words + ENTRIES] = words[this.#words + ENTRIES]! - 1;
    this.#empty(cell);
    return true;
  }

  /**
   * Recomputes counts, ring and index.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    const { words, high, low, live, cells, length } = this.#table;
    const span = words[this.#words + SPAN]!;
    auditThat(span >= 0 && span <= length, "the span of the ghost is longer than its ring");
    let found = 0;
    for (let i = 0; i < length; i++) {
      const place = (words[this.#words + FIRST]! + i) % length;
      const at = this.#ring + place;
      if (live[at] === 0) continue;
      auditThat(i < span, "the ghost has a key outside its span");
      auditEqual(cells[this.#cellOf(high[at]!, low[at]!)], place + 1, "the ghost's index of a key");
      found += 1;
    }
    let indexed = 0;
    for (let cell = this.#cells; cell <= this.#cells + this.#mask; cell++) {
      if (cells[cell] !== EMPTY) indexed += 1;
    }
    auditEqual(this.entries, found, "the number of keys in the ghost");
    auditEqual(this.entries, indexed, "the number of keys in the ghost's index");
  }

  #forgetOldest(): void {
    const { words, high, low, live, length } = this.#table;
    const first = words[this.#words + FIRST]!;
    const at = this.#ring + first;
    if (live[at] === 1) this.take(high[at]!, low[at]!);
    words[this.#words + FIRST] = first + 1 === length ? 0 : first + 1;
    words[this.#words + SPAN] = words[this.#words + SPAN]! - 1;
  }

  /** The cell that names the key, or the empty one where its search ends. */
  #cellOf(high: number, low: number): number {
    const table = this.#table;
    const mask = this.#mask;
    const ring = this.#ring - 1;
    for (let cell = low & mask;; cell = (cell + 1) & mask) {
      const place = table.cells[this.#cells + cell]!;
      if (place === EMPTY) return this.#cells + cell;
      if (table.low[ring + place] === low && table.high[ring + place] === high) {
        return this.#cells + cell;
      }
    }
  }

  /**
   * Empties a cell, and closes the gap: a later cell of the same run moves in if its own search,
   * which begins at its home, would pass the gap.
   */
  #empty(cell: number): void {
    const { cells, low } = this.#table;
    const mask = this.#mask;
    const first = this.#cells;
    let gap = cell - first;
    for (let next = (gap + 1) & mask;; next = (next + 1) & mask) {
      const place = cells[first + next]!;
      if (place === EMPTY) break;
      const home = low[this.#ring + place - 1]! & mask;
      if (((next - home) & mask) >= ((next - gap) & mask)) {
        cells[first + gap] = place;
        gap = next;
      }
    }
    cells[first + gap] = EMPTY;
  }
}
