/**
 * The arena: where keys, records and bodies lie.
 *
 * Invariants:
 * - All calls but {@linkcode Arena.extents} are made inside the monitor; then plain reads and writes
 *   suffice.
 * - Outside the monitor, the header words *size* and *next extent* of allocated blocks are read, and
 *   payload, by the rules of `block_extents.ts`.
 * - All state is in the segments and the words given: all who attach to the same are one arena.
 * - A call that fails, for want of room or by throwing, has changed nothing.
 * - A worker that dies inside the monitor leaves blocks and lists in any state: the memory is
 *   poisoned and this arena never used again. One that dies outside leaves chains that are whole,
 *   and their owners' slots name them.
 * - Payload is not cleared: what a chain held before is there until it is written over.
 *
 * @module
 */
import { FreeLists, LARGE_UNITS } from "./arena_free_lists.ts";
import { Space, SPACE_WORDS } from "./arena_space.ts";
import { Blocks, bytesOf, payloadOf, unitsFor } from "./block.ts";
import * as blockModule from "./block.ts";
import { Extents } from "./block_extents.ts";
import { auditArena } from "./arena_audit.ts";

const { MAX_BLOCK_UNITS, NO_BLOCK } = blockModule;

/** Words of an arena's state. */
export const ARENA_STATE_WORDS: number = SPACE_WORDS;

/**
 * Makes everything in the segments free. Done once, before any {@linkcode Arena} attaches.
 *
 * @param segments Each of at least 64 bytes and at most 1 GiB.
 * @param state {@linkcode ARENA_STATE_WORDS} zeros.
 * @throws {RangeError} if there are no segments, too many, or one of a wrong size.
 */
export function formatArena(segments: readonly SharedArrayBuffer[], state: Int32Array): void {
  const blocks = new Blocks(segments);
  new Space(blocks, new FreeLists(blocks, state), state).format();
}

/** Allocates chains of extents in segments of shared memory: a two-level segregated fit. */
export class Arena {
  /** Reads chains. */
  readonly extents: Extents;
  readonly #blocks: Blocks;
  readonly #lists: FreeLists;
  readonly #space: Space;

  /**
   * Attaches to an arena.
   *
   * @param segments Memory that {@linkcode formatArena} was given.
   * @param state The state that it was given with them.
   */
  constructor(segments: readonly SharedArrayBuffer[], state: Int32Array) {
    this.extents = new Extents(segments);
    this.#blocks = new Blocks(segments);
    this.#lists = new FreeLists(this.#blocks, state);
    this.#space = new Space(this.#blocks, this.#lists, state);
  }

  /** Bytes of all allocated blocks, headers and rounding included. */
  get usedBytes(): number {
    return bytesOf(this.#space.usedUnits);
  }

  /** Bytes of the blocks of a chain, headers and rounding included. */
  bytesOf(address: number): number {
    let units = 0;
    for (let extent = address; extent !== NO_BLOCK; extent = this.#blocks.nextExtent(extent)) {
      units += this.#blocks.size(extent);
    }
    return bytesOf(units);
  }

  /**
   * Allocates a chain: one extent if there is a block for it, else several of at least 32 KiB each
   * (headers included) but the last. What fits in one block of 32 KiB is never scattered.
   *
   * @param bytes Payload of all extents together, at least.
   * @param owner A number that {@linkcode audit} tells with the chain.
   * @returns Address of the first extent; -1 if there is no room.
   */
  allocate(bytes: number, owner: number): number {
    return this.#chain(bytes, owner, true);
  }

  /**
   * Appends extents to a chain.
   *
   * @param extent Any extent of the chain; the nearer to its end, the cheaper.
   * @param bytes Payload of the new extents together, at least.
   * @returns Whether there was room.
   */
  extend(extent: number, bytes: number): boolean {
    if (bytes === 0) return true;
    const blocks = this.#blocks;
    const first = this.#chain(bytes, blocks.owner(extent), false);
    if (first === NO_BLOCK) return false;
    let last = extent;
    for (let next = blocks.nextExtent(last); next !== NO_BLOCK;) {
      last = next;
      next = blocks.nextExtent(last);
    }
    blocks.setNextExtent(last, first);
    return true;
  }

  /**
   * Gives back what a chain has beyond its first `bytes` bytes of payload, in whole units.
   *
   * @param address The chain.
   * @param bytes Payload to keep; at least what readers were told of.
   */
  truncate(address: number, bytes: number): void {
    const blocks = this.#blocks;
    let last = address;
    let kept = bytes;
    for (let length = payloadOf(blocks.size(last)); length < kept;) {
      kept -= length;
      const next = blocks.nextExtent(last);
      if (next === NO_BLOCK) return;
      last = next;
      length = payloadOf(blocks.size(last));
    }
    const beyond = blocks.nextExtent(last);
    if (beyond !== NO_BLOCK) {
      blocks.setNextExtent(last, NO_BLOCK);
      this.#freeFrom(beyond);
    }
    this.#space.shrink(last, unitsFor(kept));
  }

  /**
   * Frees a chain.
   *
   * @param address What {@linkcode allocate} returned.
   * @throws {RangeError} if there is no chain at this address.
   */
  free(address: number): void {
    if (!this.#blocks.isFirst(address)) throw new RangeError(`There is no chain at ${address}`);
    this.#freeFrom(address);
  }

  /**
   * Walks all segments, chains and free lists, and recomputes every sum.
   *
   * @param visit Called for every chain with its address, owner and extents.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (address: number, owner: number, extents: number) => void): void {
    auditArena(this.#blocks, this.#lists, this.#space.usedUnits, visit);
  }

  #chain(bytes: number, owner: number, first: boolean): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`An extent has 0 bytes or more, not ${bytes}`);
    }
    const units = unitsFor(bytes);
    const block = units > MAX_BLOCK_UNITS ? NO_BLOCK : this.#lists.find(units);
    if (block !== NO_BLOCK) {
      this.#space.take(block, units, owner, first);
      return block;
    }
    return this.#canScatter(bytes) ? this.#scatter(bytes, owner, first) : NO_BLOCK;
  }

  /** Whether the large blocks have room, or all of them and one small block have. */
  #canScatter(bytes: number): boolean {
    const rest = bytes - this.#lists.largePayload;
    if (rest <= 0) return true;
    if (rest > payloadOf(LARGE_UNITS - 1)) return false;
    const block = this.#lists.find(unitsFor(rest));
    return block !== NO_BLOCK && this.#blocks.size(block) < LARGE_UNITS;
  }

  #scatter(bytes: number, owner: number, first: boolean): number {
    let head = NO_BLOCK;
    let last = NO_BLOCK;
    for (let rest = bytes; rest > 0;) {
      const wanted = Math.min(unitsFor(rest), MAX_BLOCK_UNITS);
      const found = this.#lists.find(wanted);
      const block = found === NO_BLOCK ? this.#lists.largest() : found;
      const units = Math.min(wanted, this.#blocks.size(block));
      this.#space.take(block, units, owner, first && head === NO_BLOCK);
      if (head === NO_BLOCK) head = block;
      else this.#blocks.setNextExtent(last, block);
      last = block;
      rest -= payloadOf(units);
    }
    return head;
  }

  #freeFrom(extent: number): void {
    for (let block = extent; block !== NO_BLOCK;) {
      const next = this.#blocks.nextExtent(block);
      this.#space.release(block);
      block = next;
    }
  }
}
