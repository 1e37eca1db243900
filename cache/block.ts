/**
 * Blocks: what the memory of an arena is cut into, and their headers.
 *
 * An *address* is the number of the unit that a block begins with: 24 bits of unit within its
 * segment, the segment above them. A block's header is its first 16 bytes:
 *
 * | word | allocated | free |
 * | --- | --- | --- |
 * | 0 | size in units * 4 + 1, and + 2 in the first extent of a chain | size in units * 4 |
 * | 1 | the block before it in its segment, or {@linkcode NO_BLOCK} | the same |
 * | 2 | the chain's next extent, or {@linkcode NO_BLOCK} | not used |
 * | 3 | the owner's number | not used |
 * | 4, 5 | (payload) | neighbours in its free list |
 *
 * @module
 */

/** Granularity of the arena in bytes: blocks begin at and take multiples of it. */
const UNIT_BYTES = 64;

/** Bytes of a block that are not payload. */
const HEADER_BYTES = 16;

/** Most bytes of one segment. */
export const MAX_SEGMENT_BYTES: number = 2 ** 30;

/** Most units of one block. */
export const MAX_BLOCK_UNITS: number = MAX_SEGMENT_BYTES / UNIT_BYTES;

/** Stands for "no block" wherever an address may be. */
export const NO_BLOCK = -1;

/** Bits of an address that say the unit within the segment. */
const SEGMENT_SHIFT = 24;

/** Mask of the unit within the segment. */
const UNIT_MASK = 2 ** SEGMENT_SHIFT - 1;

/** Words of a unit, as a shift. */
const WORD_SHIFT = 4;

const SIZE = 0;
const PREVIOUS = 1;
const NEXT_EXTENT = 2;
const OWNER = 3;
const NEWER = 4;
const OLDER = 5;

const USED = 1;
const FIRST = 2;

/** Bits of header word 0 below the size. */
const SIZE_SHIFT = 2;

/** Units of a block with room for `bytes` bytes of payload. */
export function unitsFor(bytes: number): number {
  return Math.ceil((bytes + HEADER_BYTES) / UNIT_BYTES);
}

/** Bytes of `units` units. */
export function bytesOf(units: number): number {
  return units * UNIT_BYTES;
}

/** Bytes of payload in blocks of `units` units together. */
export function payloadOf(units: number, blocks: number = 1): number {
  return units * UNIT_BYTES - blocks * HEADER_BYTES;
}

/** The address that a segment begins with. */
export function firstOf(segment: number): number {
  return segment << SEGMENT_SHIFT;
}

/** The segment that an address is in. */
export function segmentOf(address: number): number {
  return address >>> SEGMENT_SHIFT;
}

/** Where in its segment a block's payload begins, in bytes; a multiple of 16. */
export function payloadAt(block: number): number {
  return (block & UNIT_MASK) * UNIT_BYTES + HEADER_BYTES;
}

/** Where in its segment the size of a block is, as {@linkcode sizeIn} reads it, in words. */
export function sizeAt(block: number): number {
  return ((block & UNIT_MASK) << WORD_SHIFT) + SIZE;
}

/** Where in its segment the next extent of an allocated block is, in words. */
export function nextExtentAt(block: number): number {
  return ((block & UNIT_MASK) << WORD_SHIFT) + NEXT_EXTENT;
}

/** The units that a header word says. */
export function sizeIn(word: number): number {
  return word >>> SIZE_SHIFT;
}

/**
 * The headers of all blocks of an arena.
 *
 * Invariants:
 * - The blocks of a segment follow one another without gaps; none crosses its end.
 * - The size and the next extent of an allocated block, the words that are read outside the
 *   monitor, are written with Atomics while others may know of the block.
 */
export class Blocks {
  readonly #words: readonly Int32Array[];
  readonly #units: readonly number[];

  /**
   * Attaches to segments.
   *
   * @param segments At least one; bytes behind the last whole unit of one are not used.
   * @throws {RangeError} if there are none or more than 128, or one of them has less than a unit or
   * more than {@linkcode MAX_SEGMENT_BYTES}.
   */
  constructor(segments: readonly SharedArrayBuffer[]) {
    if (segments.length < 1 || segments.length > 128) {
      throw new RangeError(`An arena has 1 to 128 segments, not ${segments.length}`);
    }
    for (const { byteLength } of segments) {
      if (byteLength < UNIT_BYTES || byteLength > MAX_SEGMENT_BYTES) {
        throw new RangeError(
          `A segment has ${UNIT_BYTES} to ${MAX_SEGMENT_BYTES} bytes, one has ${byteLength}`,
        );
      }
    }
    this.#words = segments.map((segment) => new Int32Array(segment, 0, segment.byteLength >>> 2));
    this.#units = segments.map((segment) => Math.floor(segment.byteLength / UNIT_BYTES));
  }

  /** Segments. */
  get segments(): number {
    return this.#units.length;
  }

  /** Units of a segment. */
  unitsIn(segment: number): number {
    return this.#units[segment]!;
  }

  /** Units of a block. */
  size(block: number): number {
    return this.#word(block, SIZE) >>> SIZE_SHIFT;
  }

  /** Units of a block if it is free, else 0. */
  freeUnits(block: number): number {
    const word = this.#word(block, SIZE);
    return (word & USED) === 0 ? word >>> SIZE_SHIFT : 0;
  }

  /** Whether a block is allocated and the first extent of a chain. */
  isFirst(block: number): boolean {
    return (this.#word(block, SIZE) & (USED | FIRST)) === (USED | FIRST);
  }

  /** The block before one in its segment, or {@linkcode NO_BLOCK}. */
  previous(block: number): number {
    return this.#word(block, PREVIOUS);
  }

  /** The block behind one of `units` units in its segment, or {@linkcode NO_BLOCK}. */
  following(block: number, units: number): number {
    const after = block + units;
    const segment = block >>> SEGMENT_SHIFT;
    return after - (segment << SEGMENT_SHIFT) === this.#units[segment] ? NO_BLOCK : after;
  }

  /** The next extent of an allocated block's chain, or {@linkcode NO_BLOCK}. */
  nextExtent(block: number): number {
    return this.#word(block, NEXT_EXTENT);
  }

  /** Number of an allocated block's owner. */
  owner(block: number): number {
    return this.#word(block, OWNER);
  }

  /** Neighbour of a free block in its list. */
  newer(block: number): number {
    return this.#word(block, NEWER);
  }

  /** Neighbour of a free block in its list. */
  older(block: number): number {
    return this.#word(block, OLDER);
  }

  /** Makes a block a free one of `units` units. */
  setFree(block: number, units: number): void {
    this.#setWord(block, SIZE, units << SIZE_SHIFT);
  }

  /** Makes a block an allocated one that no other block follows in its chain. */
  setUsed(block: number, units: number, owner: number, first: boolean): void {
    this.#setWord(block, NEXT_EXTENT, NO_BLOCK);
    this.#setWord(block, OWNER, owner);
    this.#setWord(block, SIZE, (units << SIZE_SHIFT) | USED | (first ? FIRST : 0));
  }

  /** Gives an allocated block another size. */
  resize(block: number, units: number): void {
    const words = this.#words[block >>> SEGMENT_SHIFT]!;
    const at = (block & UNIT_MASK) << WORD_SHIFT;
    const flags = words[at]! & (USED | FIRST);
    Atomics.store(words, at, (units << SIZE_SHIFT) | flags);
  }

  /** Sets the block before one. */
  setPrevious(block: number, previous: number): void {
    this.#setWord(block, PREVIOUS, previous);
  }

  /** Sets the next extent; what it says of itself is seen by all who see it here. */
  setNextExtent(block: number, next: number): void {
    const words = this.#words[block >>> SEGMENT_SHIFT]!;
    Atomics.store(words, ((block & UNIT_MASK) << WORD_SHIFT) + NEXT_EXTENT, next);
  }

  /** Sets a neighbour in the free list. */
  setNewer(block: number, newer: number): void {
    this.#setWord(block, NEWER, newer);
  }

  /** Sets a neighbour in the free list. */
  setOlder(block: number, older: number): void {
    this.#setWord(block, OLDER, older);
  }

  #word(block: number, word: number): number {
    return this.#words[block >>> SEGMENT_SHIFT]![((block & UNIT_MASK) << WORD_SHIFT) + word]!;
  }

  #setWord(block: number, word: number, value: number): void {
    this.#words[block >>> SEGMENT_SHIFT]![((block & UNIT_MASK) << WORD_SHIFT) + word] = value;
  }
}
