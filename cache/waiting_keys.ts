/**
 * The keys of fills that have not announced their entry.
 *
 * Such a fill needs memory for nothing but its key, and only for a while: a cell of a fixed table
 * costs it less than a block of the arena, which is taken where no cell is free or the key is too
 * long for one.
 *
 * Invariants:
 * - All calls are made inside the monitor.
 * - A cell is told by an address below those that mean that there is no memory. Cells that were
 *   never used are those from *used* on; all others that are free are listed by their first words,
 *   plus one, 0 at the end.
 * - A table of zeros is empty.
 * - A worker that dies leaves the cells of its fills, which their slots name.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";

/** Bytes of a cell, as a shift. */
const CELL_SHIFT = 7;
const CELLS = 1_024;

/** The address of the first cell; the others are below it. */
const FIRST_ADDRESS = -3;

const FREE = 0;
const USED = 1;
/** Where the cells begin, in bytes: with a cell of the table's own. */
const START = 1 << CELL_SHIFT;

/** Bytes that the table takes. */
export const WAITING_KEYS_BYTES: number = START + (CELLS << CELL_SHIFT);

/** Gives out cells and takes them back. */
export class WaitingKeys {
  /** All cells; where one begins says {@linkcode WaitingKeys.offset}. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly #words: Int32Array<SharedArrayBuffer>;

  /**
   * Attaches to a table.
   *
   * @param buffer {@linkcode WAITING_KEYS_BYTES} zeros at first.
   */
  constructor(buffer: SharedArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  /** The address of a cell for a key of `bytes` bytes; -1 if there is none. */
  take(bytes: number): number {
    const words = this.#words;
    if (bytes > 1 << CELL_SHIFT) return -1;
    const free = words[FREE]! - 1;
    if (free >= 0) {
      words[FREE] = words[wordOf(free)]!;
      return FIRST_ADDRESS - free;
    }
    const used = words[USED]!;
    if (used === CELLS) return -1;
    words[USED] = used + 1;
    return FIRST_ADDRESS - used;
  }

  /** Takes a cell back. */
  give(address: number): void {
    const words = this.#words;
    const cell = FIRST_ADDRESS - address;
    words[wordOf(cell)] = words[FREE]!;
    words[FREE] = cell + 1;
  }

  /** Where a cell begins, in bytes. */
  offset(address: number): number {
    return START + ((FIRST_ADDRESS - address) << CELL_SHIFT);
  }

  /**
   * Holds the free cells against those in use.
   *
   * @param taken Addresses of the latter.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(taken: Iterable<number>): void {
    const words = this.#words;
    const seen = new Set<number>();
    const see = (cell: number): void => {
      auditThat(cell >= 0 && cell < words[USED]!, `there is a cell ${cell} for a key`);
      auditThat(!seen.has(cell), `the cell ${cell} is taken and free, or twice so`);
      seen.add(cell);
    };
    for (const address of taken) see(FIRST_ADDRESS - address);
    for (let link = words[FREE]!; link !== 0; link = words[wordOf(link - 1)]!) see(link - 1);
    auditEqual(seen.size, words[USED], "the number of cells for keys");
  }
}

/** The first word of a cell. */
function wordOf(cell: number): number {
  return (START + (cell << CELL_SHIFT)) >> 2;
}
