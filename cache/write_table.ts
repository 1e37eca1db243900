/**
 * The writes in flight.
 *
 * Invariants:
 * - All calls are made inside the monitor.
 * - *Objects* lie in an open-addressed table with linear probing: the object's two hashes, the
 *   worker plus one (0: the cell is empty) and how many writes of that worker concern the object.
 *   *Prefixes* lie in a list of cells: length in UTF-16 code units, two hashes, worker plus one,
 *   count.
 * - Where a table has no room for a barrier, it bars everything: *global* counts those, a word a
 *   worker. Two objects that share both hashes bar each other. So a write always bars what it
 *   concerns, and sometimes more.
 * - A worker that dies leaves its cells, told by its number. Who voids it makes them its own.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import { type EntryKey, type Hash, hashPrefix } from "./entry_key.ts";
import { MOST_WORKERS } from "./options.ts";

/** The workers, and one more: who looks after what dead ones have left. */
const WORKERS: number = MOST_WORKERS + 1;
const OBJECT_CELLS = 4_096;
/** Beyond this many the table counts as full. */
const MOST_OBJECTS: number = OBJECT_CELLS * 3 / 4;
const PREFIX_CELLS = 64;

const OBJECTS_USED = 0;
const PREFIXES_USED = 1;
const GLOBALS_USED = 2;
const GLOBALS = 4;
const OBJECTS: number = GLOBALS + WORKERS;
const OBJECT_WORDS = 4;
const PREFIXES: number = OBJECTS + OBJECT_CELLS * OBJECT_WORDS;
const PREFIX_WORDS = 5;

/** Words that the tables take. */
export const WRITE_TABLE_WORDS: number = PREFIXES + PREFIX_CELLS * PREFIX_WORDS;

/** Words of a cell; a prefix has its length behind them. */
const HIGH = 0;
const LOW = 1;
const OWNER = 2;
const COUNT = 3;
const LENGTH = 4;

/** What a write bars: one object, or all whose names begin with a prefix. */
export interface Barred extends Hash {
  /** Length of the prefix in UTF-16 code units; `undefined` for an object. */
  readonly length: number | undefined;
}

/** How a barrier was put up: in a cell of its own, or for everything. */
export type BarrierKind = "cell" | "global";

/** A barrier as it was put up. */
export interface StandingBarrier {
  /** What it bars. */
  readonly barred: Barred;
  /** How it was put up. */
  readonly kind: BarrierKind;
}

/** Barriers by object and prefix. */
export class WriteTable {
  readonly #words: Int32Array<SharedArrayBuffer>;

  /**
   * Attaches to the tables.
   *
   * @param words {@linkcode WRITE_TABLE_WORDS} words, zeros at first.
   */
  constructor(words: Int32Array<SharedArrayBuffer>) {
    this.#words = words;
  }

  /** Whether a write concerns the object of a key. */
  bars(key: EntryKey): boolean {
    const words = this.#words;
    if (words[GLOBALS_USED]! > 0) return true;
    if (words[OBJECTS_USED]! > 0) {
      for (let cell = homeOf(key.low); this.#owner(cell) !== 0; cell = nextOf(cell)) {
        if (words[cell + LOW] === key.low && words[cell + HIGH] === key.high) return true;
      }
    }
    return words[PREFIXES_USED]! > 0 && this.#prefixBars(key.object);
  }

  /** Puts up a barrier for a worker. */
  add(worker: number, barred: Barred): BarrierKind {
    const words = this.#words;
    const cell = this.#cellOf(worker, barred);
    if (cell < 0) {
      words[GLOBALS_USED]! += 1;
      words[GLOBALS + worker]! += 1;
      return "global";
    }
    if (this.#owner(cell) === 0) {
      words[cell + HIGH] = barred.high;
      words[cell + LOW] = barred.low;
      words[cell + OWNER] = worker + 1;
      words[cell + COUNT] = 0;
      if (barred.length !== undefined) words[cell + LENGTH] = barred.length;
      words[barred.length === undefined ? OBJECTS_USED : PREFIXES_USED]! += 1;
    }
    words[cell + COUNT]! += 1;
    return "cell";
  }

  /** Takes down a barrier that was put up like this. */
  remove(worker: number, barred: Barred, kind: BarrierKind): void {
    const words = this.#words;
    if (kind === "global") {
      words[GLOBALS_USED]! -= 1;
      words[GLOBALS + worker]! -= 1;
      return;
    }
    const cell = this.#cellOf(worker, barred);
    words[cell + COUNT]! -= 1;
    if (words[cell + COUNT] === 0) this.#empty(cell);
  }

  /**
   * Gives all barriers of a worker to another one.
   *
   * @returns What the heir has to take down, each as it was put up.
   */
  bequeath(worker: number, heir: number): StandingBarrier[] {
    const words = this.#words;
    const barriers: StandingBarrier[] = [];
    for (let cell = OBJECTS; cell < WRITE_TABLE_WORDS;) {
      while (this.#owner(cell) === worker + 1) barriers.push(...this.#takeOut(cell));
      cell += cell < PREFIXES ? OBJECT_WORDS : PREFIX_WORDS;
    }
    const globals = words[GLOBALS + worker]!;
    words[GLOBALS + worker] = 0;
    words[GLOBALS + heir]! += globals;
    const standing = barriers.map(({ barred }) => ({ barred, kind: this.add(heir, barred) }));
    const barred: Barred = { high: 0, low: 0, length: undefined };
    for (let i = 0; i < globals; i++) standing.push({ barred, kind: "global" });
    return standing;
  }

  /** Empties a cell; a barrier for each that it counted. */
  #takeOut(cell: number): StandingBarrier[] {
    const words = this.#words;
    const length = cell >= PREFIXES ? words[cell + LENGTH] : undefined;
    const barred: Barred = { high: words[cell + HIGH]!, low: words[cell + LOW]!, length };
    const barrier: StandingBarrier = { barred, kind: "cell" };
    const barriers = new Array<StandingBarrier>(words[cell + COUNT]!).fill(barrier);
    this.#empty(cell);
    return barriers;
  }

  /**
   * Recounts, and looks for every cell where a search for it begins.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void {
    const words = this.#words;
    let objects = 0;
    for (let cell = OBJECTS; cell < PREFIXES; cell += OBJECT_WORDS) {
      if (this.#owner(cell) === 0) continue;
      objects += 1;
      auditThat(words[cell + COUNT]! > 0, "an object at rest is barred");
      const barred = { high: words[cell + HIGH]!, low: words[cell + LOW]!, length: undefined };
      auditEqual(this.#cellOf(this.#owner(cell) - 1, barred), cell, "the cell of an object");
    }
    auditEqual(words[OBJECTS_USED]!, objects, "the number of barred objects");
    let prefixes = 0;
    for (let cell = PREFIXES; cell < WRITE_TABLE_WORDS; cell += PREFIX_WORDS) {
      if (this.#owner(cell) !== 0) prefixes += 1;
    }
    auditEqual(words[PREFIXES_USED]!, prefixes, "the number of barred prefixes");
    let globals = 0;
    for (let worker = 0; worker < WORKERS; worker++) globals += words[GLOBALS + worker]!;
    auditEqual(words[GLOBALS_USED]!, globals, "the number of barriers for everything");
  }

  #owner(cell: number): number {
    return this.#words[cell + OWNER]!;
  }

  #prefixBars(object: string): boolean {
    const words = this.#words;
    for (let cell = PREFIXES; cell < WRITE_TABLE_WORDS; cell += PREFIX_WORDS) {
      if (this.#owner(cell) === 0 || words[cell + LENGTH]! > object.length) continue;
      const { high, low } = hashPrefix(object, words[cell + LENGTH]!);
      if (words[cell + HIGH] === high && words[cell + LOW] === low) return true;
    }
    return false;
  }

  /** The cell of a barrier, or an empty one for it; -1 if there is neither. */
  #cellOf(worker: number, barred: Barred): number {
    const { high, low, length } = barred;
    const words = this.#words;
    const isIt = (cell: number): boolean =>
      words[cell + LOW] === low && words[cell + HIGH] === high &&
      words[cell + OWNER] === worker + 1;
    if (length === undefined) {
      let cell = homeOf(low);
      while (this.#owner(cell) !== 0 && !isIt(cell)) cell = nextOf(cell);
      return this.#owner(cell) === 0 && words[OBJECTS_USED]! >= MOST_OBJECTS ? -1 : cell;
    }
    let empty = -1;
    for (let cell = PREFIXES; cell < WRITE_TABLE_WORDS; cell += PREFIX_WORDS) {
      if (isIt(cell) && words[cell + LENGTH] === length) return cell;
      if (empty < 0 && this.#owner(cell) === 0) empty = cell;
    }
    return empty;
  }

  /**
   * Empties a cell. In the table of objects a gap is closed: a later cell of the same run moves in
   * if its own search, which begins at its home, would pass the gap.
   */
  #empty(cell: number): void {
    const words = this.#words;
    if (cell >= PREFIXES) {
      words[cell + OWNER] = 0;
      words[PREFIXES_USED]! -= 1;
      return;
    }
    words[OBJECTS_USED]! -= 1;
    let gap = cell;
    for (let next = nextOf(gap); this.#owner(next) !== 0; next = nextOf(next)) {
      const home = homeOf(words[next + LOW]!);
      if (distance(home, next) < distance(gap, next)) continue;
      words.copyWithin(gap, next, next + OBJECT_WORDS);
      gap = next;
    }
    words[gap + OWNER] = 0;
  }
}

function homeOf(low: number): number {
  return OBJECTS + (low & (OBJECT_CELLS - 1)) * OBJECT_WORDS;
}

function nextOf(cell: number): number {
  const next = cell + OBJECT_WORDS;
  return next === PREFIXES ? OBJECTS : next;
}

/** Cells from one to another, going on. */
function distance(from: number, to: number): number {
  return ((to - from) / OBJECT_WORDS) & (OBJECT_CELLS - 1);
}
