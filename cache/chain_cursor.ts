/**
 * A place in the memory of a slot.
 *
 * @module
 */
import { copyBytes } from "./copy_bytes.ts";
import type { Extents } from "./block_extents.ts";

/** Longest view that is handed out. */
export const VIEW_BYTES = 1_048_576;

/** Up to here a plain copy is cheaper than the view that a faster one takes, in bytes. */
const FEW_BYTES = 512;

/** Copies up to this length need no memory of their own. */
const SCRATCH_BYTES = 16_384;

/** Where they are made. */
const scratch = new Uint8Array(SCRATCH_BYTES);

/**
 * Walks the payload of a chain forwards. Works outside the monitor, on a chain that is pinned or
 * filled by its user, and never looks beyond what its user says is there.
 */
export class ChainCursor {
  readonly #extents: Extents;
  #extent: number;
  /** Position that the extent begins at. */
  #base = 0;
  #position = 0;

  /**
   * A cursor at one position.
   *
   * @param extents Of the arena.
   * @param chain The chain.
   * @param position Bytes of payload that are skipped; the chain has as many.
   */
  constructor(extents: Extents, chain: number, position: number) {
    this.#extents = extents;
    this.#extent = chain;
    this.#position = position;
  }

  /** The extent that it is in, or was in when it came to the end of one. */
  get extent(): number {
    return this.#extent;
  }

  /** Bytes of payload before it. */
  get position(): number {
    return this.#position;
  }

  /**
   * The bytes from here on as far as they lie together, and moves behind them.
   *
   * @param end Position up to which bytes are there; above the present one.
   * @param most Length of the view at most.
   */
  next(end: number, most: number = VIEW_BYTES): Uint8Array<SharedArrayBuffer> {
    const length = Math.min(end - this.#position, most, this.#room());
    const view = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#position += length;
    return view;
  }

  /** Copies bytes in, for which the chain must have room, and moves behind them. */
  write(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const length = Math.min(bytes.length - from, this.#room());
      const part = length === bytes.length ? bytes : bytes.subarray(from, from + length);
      if (length <= FEW_BYTES) this.#bytes.set(part, this.#offset);
      else copyBytes(this.#bytes.subarray(this.#offset, this.#offset + length), part);
      this.#position += length;
      from += length;
    }
  }

  /**
   * The bytes from here on as far as they lie together; to be written.
   *
   * @param end Position up to which the chain has room; above the present one.
   */
  room(end: number): Uint8Array<SharedArrayBuffer> {
    const length = Math.min(end - this.#position, this.#room());
    return this.#bytes.subarray(this.#offset, this.#offset + length);
  }

  /** Moves on by a number of bytes, for which the chain must have room. */
  skip(bytes: number): void {
    this.#position += bytes;
  }

  /** The bytes from here up to a position, as views of at most {@linkcode VIEW_BYTES}. */
  rest(end: number): Uint8Array<SharedArrayBuffer>[] {
    const views: Uint8Array<SharedArrayBuffer>[] = [];
    while (this.#position < end) views.push(this.next(end));
    return views;
  }

  /** A copy of the next `length` bytes, in memory that is not shared; good until the next one. */
  read(length: number): Uint8Array<ArrayBuffer> {
    const bytes = length <= SCRATCH_BYTES ? scratch.subarray(0, length) : new Uint8Array(length);
    const end = this.#position + length;
    for (let at = 0; at < length;) {
      const view = this.next(end, length);
      copyBytes(at === 0 ? bytes : bytes.subarray(at), view);
      at += view.length;
    }
    return bytes;
  }

  /** Goes on to the extent that the position is in; bytes from there to its end. */
  #room(): number {
    const extents = this.#extents;
    let room = this.#base + extents.length(this.#extent) - this.#position;
    while (room <= 0) {
      this.#base += extents.length(this.#extent);
      this.#extent = extents.next(this.#extent);
      room = this.#base + extents.length(this.#extent) - this.#position;
    }
    return room;
  }

  get #bytes(): Uint8Array<SharedArrayBuffer> {
    return this.#extents.bytes[this.#extents.segment(this.#extent)]!;
  }

  /** Where the position is in its segment. */
  get #offset(): number {
    return this.#extents.offset(this.#extent) + this.#position - this.#base;
  }
}
