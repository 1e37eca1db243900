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
  NEXT_EXTENT,
  payloadOf,
  SEGMENT_SHIFT,
  SIZE_SHIFT,
  UNIT_BYTES,
  UNIT_MASK,
  WORD_SHIFT,
} from "./block.ts";

/** Reads chains. */
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
    return payloadOf(Atomics.load(words, (extent & UNIT_MASK) << WORD_SHIFT) >>> SIZE_SHIFT);
  }

  /** The extent that follows, or `NO_BLOCK`, -1. */
  next(extent: number): number {
    const words = this.#words[extent >>> SEGMENT_SHIFT]!;
    return Atomics.load(words, ((extent & UNIT_MASK) << WORD_SHIFT) + NEXT_EXTENT);
  }
}
