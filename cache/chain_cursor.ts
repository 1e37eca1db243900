/**
 * A place in the memory of a slot.
 *
 * @module
 */
import type { Extents } from "./block_extents.ts";

/** Longest view that is handed out. */
export const VIEW_BYTES = 262_144;

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
    const extents = this.#extents;
    const available = Math.min(end - this.#position, most);
    let room = this.#base + extents.length(this.#extent) - this.#position;
    while (room <= 0) {
      this.#base += extents.length(this.#extent);
      this.#extent = extents.next(this.#extent);
      room = this.#base + extents.length(this.#extent) - this.#position;
    }
    const length = Math.min(available, room);
    const offset = extents.offset(this.#extent) + this.#position - this.#base;
    this.#position += length;
    return extents.bytes[extents.segment(this.#extent)]!.subarray(offset, offset + length);
  }

  /** Copies bytes in, for which the chain must have room, and moves behind them. */
  write(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    for (let from = 0; from < bytes.length;) {
      const view = this.next(end, bytes.length);
      view.set(view.length === bytes.length ? bytes : bytes.subarray(from, from + view.length));
      from += view.length;
    }
  }

  /** The bytes from here up to a position, as views of at most {@linkcode VIEW_BYTES}. */
  rest(end: number): Uint8Array<SharedArrayBuffer>[] {
    const views: Uint8Array<SharedArrayBuffer>[] = [];
    while (this.#position < end) views.push(this.next(end));
    return views;
  }

  /** A copy of the next `length` bytes, in memory that is not shared. */
  read(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    const end = this.#position + length;
    for (let at = 0; at < length;) {
      const view = this.next(end, length);
      bytes.set(view, at);
      at += view.length;
    }
    return bytes;
  }
}
