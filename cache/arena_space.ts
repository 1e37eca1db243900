/**
 * Splits and joins the blocks of an arena.
 *
 * @module
 */
import { FREE_LISTS_WORDS, type FreeLists } from "./arena_free_lists.ts";
import { type Blocks, firstOf } from "./block.ts";
import * as blockModule from "./block.ts";

const { NO_BLOCK } = blockModule;

const USED_UNITS: number = FREE_LISTS_WORDS;

/** Words of state: those of the free lists, and the number of used units. */
export const SPACE_WORDS: number = USED_UNITS + 1;

/**
 * Turns free blocks into allocated ones and back. Every operation takes constant time.
 *
 * Invariants, between operations:
 * - A block is free and in its free list, or allocated and counted as used.
 * - No two free blocks of a segment are neighbours.
 */
export class Space {
  readonly #blocks: Blocks;
  readonly #lists: FreeLists;
  readonly #state: Int32Array;

  /**
   * Attaches to space.
   *
   * @param blocks All blocks.
   * @param lists Lists of the free ones.
   * @param state {@linkcode SPACE_WORDS} words, the lists' first.
   */
  constructor(blocks: Blocks, lists: FreeLists, state: Int32Array) {
    this.#blocks = blocks;
    this.#lists = lists;
    this.#state = state;
  }

  /** Units of all allocated blocks. */
  get usedUnits(): number {
    return this.#state[USED_UNITS]!;
  }

  /** Makes each segment one free block; the state is zeros. */
  format(): void {
    for (let segment = 0; segment < this.#blocks.segments; segment++) {
      const block = firstOf(segment);
      this.#blocks.setPrevious(block, NO_BLOCK);
      this.#addFree(block, this.#blocks.unitsIn(segment));
    }
  }

  /**
   * Allocates the beginning of a free block.
   *
   * @param block The free block, of at least `units` units.
   * @param units Size that it is to have.
   * @param owner Its owner's number.
   * @param first Whether it is the first of a chain.
   */
  take(block: number, units: number, owner: number, first: boolean): void {
    const size = this.#blocks.size(block);
    this.#lists.remove(block, size);
    const rest = size - units;
    if (rest > 0) {
      this.#blocks.setPrevious(block + units, block);
      this.#addFree(block + units, rest);
    }
    this.#blocks.setUsed(block, units, owner, first);
    this.#countUsed(units);
  }

  /** Frees an allocated block and joins it with its free neighbours. */
  release(block: number): void {
    const blocks = this.#blocks;
    let start = block;
    let units = blocks.size(block);
    this.#countUsed(-units);
    units += this.#removeFree(blocks.following(block, units));
    const before = blocks.previous(block);
    const more = this.#removeFree(before);
    if (more > 0) start = before;
    this.#addFree(start, units + more);
  }

  /** Frees what an allocated block has beyond its first `units` units. */
  shrink(block: number, units: number): void {
    const blocks = this.#blocks;
    const size = blocks.size(block);
    const rest = size - units;
    if (rest === 0) return;
    this.#countUsed(-rest);
    const more = this.#removeFree(blocks.following(block, size));
    blocks.resize(block, units);
    blocks.setPrevious(block + units, block);
    this.#addFree(block + units, rest + more);
  }

  /** Lists a free block and has the one behind it know. */
  #addFree(block: number, units: number): void {
    this.#blocks.setFree(block, units);
    const after = this.#blocks.following(block, units);
    if (after !== NO_BLOCK) this.#blocks.setPrevious(after, block);
    this.#lists.insert(block, units);
  }

  /** Takes a block out of its list if it is free; its units, 0 if it is not. */
  #removeFree(block: number): number {
    const units = block === NO_BLOCK ? 0 : this.#blocks.freeUnits(block);
    if (units > 0) this.#lists.remove(block, units);
    return units;
  }

  #countUsed(units: number): void {
    this.#state[USED_UNITS] = this.#state[USED_UNITS]! + units;
  }
}
