/**
 * The extents of a chain, as those read them who are outside the monitor.
 *
 * Invariants:
 * - Only a chain that can't be freed meanwhile is read: its slot is pinned, or its fill is the
 *   reader's own.
 * - Chains grow at their end while they are read: an extent's link is loaded with Atomics, and
 *   whoever sees a link sees the header it leads to.
 * - Truncation shortens the last extent that stays and frees those behind it. So a reader walks
 *   only over payload that is published, and trusts no extent's length beyond that; nothing is
 *   ever truncated to less than what is published.
 *
 * @module
 */
import {
  HEADER_BYTES,
  NO_BLOCK,
  payloadOf,
  SEGMENT_SHIFT,
  UNIT_BYTES,
  UNIT_MASK,
} from "./block.ts";

/** A stretch of payload. */
export interface Extent {
  /** Which segment. */
  readonly segment: number;
  /** Where in it, in bytes; a multiple of 16. */
  readonly offset: number;
  /** How many bytes. */
  readonly length: number;
}

/** Reads chains; allocates nothing but what {@linkcode Extents.list} returns. */
export class Extents {
  /** The bytes of each segment. */
  readonly bytes: readonly Uint8Array<SharedArrayBuffer>[];
  readonly #words: readonly Int32Array[];

  /**
   * Attaches to the segments of an arena.
   *
   * @param segments Those that the arena has, in the same order.
   */
  constructor(segments: readonly SharedArrayBuffer[]) {
    this.bytes = segments.map((segment) => new Uint8Array(segment));
    this.#words = segments.map((segment) => new Int32Array(segment, 0, segment.byteLength >>> 2));
  }

  /** Segment that an extent lies in. */
  segment(extent: number): number {
    return extent >>> SEGMENT_SHIFT;
  }

  /** Where in its segment an extent's payload begins, in bytes; a multiple of 16. */
  offset(extent: number): number {
    return (extent & UNIT_MASK) * UNIT_BYTES + HEADER_BYTES;
  }

  /** Bytes of payload that an extent has room for. */
  length(extent: number): number {
    const words = this.#words[extent >>> SEGMENT_SHIFT]!;
    return payloadOf(Atomics.load(words, (extent & UNIT_MASK) << 4) >>> 2);
  }

  /** The extent that follows, or -1. */
  next(extent: number): number {
    const words = this.#words[extent >>> SEGMENT_SHIFT]!;
    return Atomics.load(words, ((extent & UNIT_MASK) << 4) + 2);
  }

  /**
   * Where the first `bytes` bytes of a chain's payload are, in order.
   *
   * @throws {RangeError} if the chain has less.
   */
  list(address: number, bytes: number): Extent[] {
    const extents: Extent[] = [];
    let extent = address;
    for (let rest = bytes; rest > 0;) {
      if (extent === NO_BLOCK) throw new RangeError(`The chain is ${rest} bytes short of ${bytes}`);
      const length = Math.min(rest, this.length(extent));
      extents.push({ segment: this.segment(extent), offset: this.offset(extent), length });
      rest -= length;
      if (rest > 0) extent = this.next(extent);
    }
    return extents;
  }
}
