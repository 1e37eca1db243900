/**
 * The free blocks of an arena, by size class.
 *
 * @module
 */
import { type Blocks, bytesOf, payloadOf } from "./block.ts";
import * as blockModule from "./block.ts";
import {
  FIRST_LEVELS,
  fittingClassOf,
  SECOND_LEVELS,
  SIZE_CLASSES,
  sizeClassOf,
} from "./size_class.ts";
import { auditEqual, auditThat } from "./audit.ts";

const { NO_BLOCK } = blockModule;

/** A body is scattered over free blocks of at least this many units: 32 KiB, header included. */
export const LARGE_UNITS: number = 32_768 / bytesOf(1);

const LARGE_BLOCKS = 0;
const LARGE_FREE_UNITS = 1;
const FIRST_MAP = 2;
const SECOND_MAPS = 3;
const HEADS: number = SECOND_MAPS + FIRST_LEVELS;

/** Words of state that the lists take. */
export const FREE_LISTS_WORDS: number = HEADS + SIZE_CLASSES;

/** Blocks of the wanted size's own class that are looked at; some may be too small. */
const PROBES = 8;

function lowestBit(map: number): number {
  return 31 - Math.clz32(map & -map);
}

/**
 * Lists of free blocks and a bitmap of those that are not empty. Every operation takes constant
 * time.
 *
 * Invariants:
 * - A bit of the second maps is set if and only if that class has a block, and a bit of the first
 *   map if and only if its second map is not 0. The head of an empty list means nothing.
 * - Zeros are empty lists.
 */
export class FreeLists {
  readonly #blocks: Blocks;
  readonly #state: Int32Array;

  /**
   * Attaches to lists.
   *
   * @param blocks Their blocks.
   * @param state At least {@linkcode FREE_LISTS_WORDS} words.
   */
  constructor(blocks: Blocks, state: Int32Array) {
    this.#blocks = blocks;
    this.#state = state;
  }

  /** Bytes of payload in blocks of at least {@linkcode LARGE_UNITS}. */
  get largePayload(): number {
    return payloadOf(this.#state[LARGE_FREE_UNITS]!, this.#state[LARGE_BLOCKS]!);
  }

  /** Lists a free block of `units` units that is in no list. */
  insert(block: number, units: number): void {
    const blocks = this.#blocks;
    const state = this.#state;
    const sizeClass = sizeClassOf(units);
    const level = sizeClass >>> 5;
    const map = state[SECOND_MAPS + level]!;
    const bit = 1 << (sizeClass & 31);
    const head = (map & bit) === 0 ? NO_BLOCK : state[HEADS + sizeClass]!;
    blocks.setNewer(block, NO_BLOCK);
    blocks.setOlder(block, head);
    if (head !== NO_BLOCK) blocks.setNewer(head, block);
    state[HEADS + sizeClass] = block;
    state[SECOND_MAPS + level] = map | bit;
    state[FIRST_MAP] = state[FIRST_MAP]! | (1 << level);
    if (units >= LARGE_UNITS) this.#countLarge(1, units);
  }

  /** Takes a block of `units` units out of its list. */
  remove(block: number, units: number): void {
    const blocks = this.#blocks;
    const newer = blocks.newer(block);
    const older = blocks.older(block);
    if (older !== NO_BLOCK) blocks.setNewer(older, newer);
    if (newer !== NO_BLOCK) blocks.setOlder(newer, older);
    else this.#setHead(sizeClassOf(units), older);
    if (units >= LARGE_UNITS) this.#countLarge(-1, -units);
  }

  /**
   * A block of at least `units` units, the smallest classes first, or `NO_BLOCK`. One of the
   * wanted size's own class may be overlooked if many there are too small.
   */
  find(units: number): number {
    const own = sizeClassOf(units);
    const fitting = fittingClassOf(units);
    if (own !== fitting) {
      const block = this.#probe(own, units);
      if (block !== NO_BLOCK) return block;
    }
    const state = this.#state;
    let level = fitting >>> 5;
    let map = state[SECOND_MAPS + level]! & (-1 << (fitting & 31));
    if (map === 0) {
      const levels = state[FIRST_MAP]! & (-2 << level);
      if (levels === 0) return NO_BLOCK;
      level = lowestBit(levels);
      map = state[SECOND_MAPS + level]!;
    }
    return state[HEADS + level * SECOND_LEVELS + lowestBit(map)]!;
  }

  /** A block of the largest class that has one, or `NO_BLOCK`. */
  largest(): number {
    const state = this.#state;
    if (state[FIRST_MAP] === 0) return NO_BLOCK;
    const level = 31 - Math.clz32(state[FIRST_MAP]!);
    const second = 31 - Math.clz32(state[SECOND_MAPS + level]!);
    return state[HEADS + level * SECOND_LEVELS + second]!;
  }

  #probe(sizeClass: number, units: number): number {
    if ((this.#state[SECOND_MAPS + (sizeClass >>> 5)]! & (1 << (sizeClass & 31))) === 0) {
      return NO_BLOCK;
    }
    let block = this.#state[HEADS + sizeClass]!;
    for (let i = 0; i < PROBES && block !== NO_BLOCK; i++) {
      if (this.#blocks.size(block) >= units) return block;
      block = this.#blocks.older(block);
    }
    return NO_BLOCK;
  }

  #setHead(sizeClass: number, head: number): void {
    const state = this.#state;
    state[HEADS + sizeClass] = head;
    if (head !== NO_BLOCK) return;
    const level = sizeClass >>> 5;
    const map = state[SECOND_MAPS + level]! & ~(1 << (sizeClass & 31));
    state[SECOND_MAPS + level] = map;
    if (map === 0) state[FIRST_MAP] = state[FIRST_MAP]! & ~(1 << level);
  }

  #countLarge(blocks: number, units: number): void {
    this.#state[LARGE_BLOCKS] = this.#state[LARGE_BLOCKS]! + blocks;
    this.#state[LARGE_FREE_UNITS] = this.#state[LARGE_FREE_UNITS]! + units;
  }

  /**
   * Walks all lists and recomputes maps and sums.
   *
   * @param visit Called for every free block.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (block: number) => void): void {
    let largeBlocks = 0;
    let largeUnits = 0;
    for (let sizeClass = 0; sizeClass < SIZE_CLASSES; sizeClass++) {
      this.#auditClass(sizeClass, (block) => {
        const units = this.#blocks.size(block);
        if (units >= LARGE_UNITS) {
          largeBlocks += 1;
          largeUnits += units;
        }
        visit(block);
      });
    }
    auditEqual(this.#state[LARGE_BLOCKS]!, largeBlocks, "the number of large free blocks");
    auditEqual(this.#state[LARGE_FREE_UNITS]!, largeUnits, "the units in large free blocks");
  }

  #auditClass(sizeClass: number, visit: (block: number) => void): void {
    const level = sizeClass >>> 5;
    const map = this.#state[SECOND_MAPS + level]!;
    auditEqual((this.#state[FIRST_MAP]! >>> level & 1) === 1, map !== 0, `bit ${level} of the map`);
    if ((map & (1 << (sizeClass & 31))) === 0) return;
    let newer = NO_BLOCK;
    let block = this.#state[HEADS + sizeClass]!;
    auditThat(block !== NO_BLOCK, `class ${sizeClass} is marked and has no block`);
    for (; block !== NO_BLOCK; block = this.#blocks.older(block)) {
      auditThat(this.#blocks.freeUnits(block) > 0, `block ${block} is in a free list`);
      auditEqual(this.#blocks.newer(block), newer, `the block before ${block} in its list`);
      auditEqual(sizeClass, sizeClassOf(this.#blocks.size(block)), `the class of block ${block}`);
      visit(block);
      newer = block;
    }
  }
}
