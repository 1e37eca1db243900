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
import { nextExtentAt, payloadAt, payloadOf, segmentOf, sizeAt, sizeIn } from "./block.ts";

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
    return segmentOf(extent);
  }

  /** Where in its segment an extent's payload begins, in bytes; a multiple of 16. */
  offset(extent: number): number {
    return payloadAt(extent);
  }

  /** Bytes of payload that an extent has room for. */
  length(extent: number): number {
    const words = this.#words[segmentOf(extent)]!;
    return payloadOf(sizeIn(Atomics.load(words, sizeAt(extent))));
  }

  /** The extent that follows, or `NO_BLOCK`, -1. */
  next(extent: number): number {
    return Atomics.load(this.#words[segmentOf(extent)]!, nextExtentAt(extent));
  }
}
