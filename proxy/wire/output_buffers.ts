/**
 * The buffers that answers are sent from. One is needed only while something is being sent, so
 * those of all connections of an isolate are kept together.
 *
 * @module
 */

/** Bytes of a small buffer: a head and a small body. */
export const SMALL_BYTES: number = 8 * 1024;

/** Bytes of a large buffer: a head and 64 KiB of a body. */
export const LARGE_BYTES: number = 72 * 1024;

/** Most small buffers that are kept while nobody needs them. */
const MAX_SMALL = 512;

/** Most large ones. */
const MAX_LARGE = 64;

/** Buffers of two sizes. */
export class OutputBuffers {
  readonly #small: Uint8Array<ArrayBuffer>[] = [];
  readonly #large: Uint8Array<ArrayBuffer>[] = [];

  /**
   * A buffer that nobody else uses.
   *
   * @param size `SMALL_BYTES` or `LARGE_BYTES`.
   */
  take(size: number): Uint8Array<ArrayBuffer> {
    const spare = size === SMALL_BYTES ? this.#small : this.#large;
    return spare.pop() ?? new Uint8Array(size);
  }

  /** Gives one back. */
  give(buffer: Uint8Array<ArrayBuffer>): void {
    if (buffer.length === LARGE_BYTES) {
      if (this.#large.length < MAX_LARGE) this.#large.push(buffer);
    } else if (this.#small.length < MAX_SMALL) {
      this.#small.push(buffer);
    }
  }
}
