/**
 * The bytes of an entry.
 *
 * @module
 */

/** Longest view that a lease hands out. */
export const VIEW_BYTES = 262_144;

const FIRST_BLOCK_BYTES = 4_096;

/** Bytes in one or more blocks, each of which is memory of exactly its length. */
export class Body {
  readonly #blocks: readonly Uint8Array[];
  /** Length in bytes. */
  readonly size: number;

  /**
   * @param blocks The bytes in order.
   * @param size Sum of the lengths of the blocks.
   */
  constructor(blocks: readonly Uint8Array[], size: number) {
    this.#blocks = blocks;
    this.size = size;
  }

  /** The bytes from `start` up to `end`, in order, as views of at most `VIEW_BYTES`. */
  *views(start: number, end: number): Generator<Uint8Array, void, void> {
    let base = 0;
    for (const block of this.#blocks) {
      const last = Math.min(end - base, block.length);
      for (let from = Math.max(start - base, 0); from < last; from += VIEW_BYTES) {
        yield block.subarray(from, Math.min(from + VIEW_BYTES, last));
      }
      base += block.length;
      if (base >= end) return;
    }
  }

  /** Length of the memory in bytes, added up anew. */
  measure(): number {
    return this.#blocks.reduce((sum, block) => sum + block.buffer.byteLength, 0);
  }
}

/**
 * A body being written.
 *
 * Chunks are copied, once: a chunk may be a view of a larger buffer, which kept would hold memory
 * that no budget knows. A body of known size has one block of exactly that size. One of unknown
 * size grows by blocks that double up to `VIEW_BYTES`, and its last block is cut to what is in it.
 */
export class BodyWriter {
  readonly #blocks: Uint8Array[] = [];
  /** Bytes written. */
  size = 0;
  /** Bytes of memory taken. */
  capacity = 0;

  /** Takes memory for as many bytes more. */
  extend(bytes: number): void {
    if (bytes > 0) this.#blocks.push(new Uint8Array(bytes));
    this.capacity += bytes;
  }

  /** How long the next block of a body of unknown size is, where `bytes` are to be written now. */
  nextBlock(bytes: number): number {
    return Math.max(bytes, Math.min(VIEW_BYTES, Math.max(FIRST_BLOCK_BYTES, this.size)));
  }

  /** Writes bytes, for which there must be room in the last block. */
  write(bytes: Uint8Array): void {
    const block = this.#blocks.at(-1);
    if (block === undefined || bytes.length === 0) return;
    block.set(bytes, block.length - (this.capacity - this.size));
    this.size += bytes.length;
  }

  /** The body, as long as what was written. */
  finish(): Body {
    const spare = this.capacity - this.size;
    const last = this.#blocks.at(-1);
    if (spare > 0 && last !== undefined) {
      this.#blocks[this.#blocks.length - 1] = last.slice(0, last.length - spare);
      this.capacity = this.size;
    }
    return new Body(this.#blocks, this.size);
  }
}
