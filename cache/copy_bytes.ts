/**
 * Copying bytes, fast wherever they lie.
 *
 * @module
 */

/** Bytes of a word: memory that lies alike within its words is copied word by word. */
const WORD = 8;

/** Up to here it does not matter, in bytes. */
const FEW = 64;

/** Bytes that are shifted at once. */
const PIECE = 64 * 1024;

/** Where bytes are shifted: scratch, nothing stays in it between calls. */
const scratch = new Uint8Array(PIECE + 2 * WORD);

/**
 * Copies bytes as `target.set(source)` does. V8 copies between views byte by byte where they lie
 * differently within their words, at a tenth of the speed: such bytes are brought into a private
 * buffer, shifted there, and copied from there.
 *
 * @param target Where they go; at least as long as the source, and not in the same memory.
 * @param source The bytes.
 * @throws {RangeError} if the target is too short.
 *
 * @example
 * ```ts
 * import { copyBytes } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const target = new Uint8Array(4);
 * copyBytes(target.subarray(1), new Uint8Array([1, 2]));
 * assert.deepEqual([...target], [0, 1, 2, 0]);
 * ```
 */
export function copyBytes(target: Uint8Array, source: Uint8Array): void {
  const from = source.byteOffset % WORD;
  const to = target.byteOffset % WORD;
  if (from === to || source.length <= FEW || target.length < source.length) {
    return target.set(source);
  }
  for (let at = 0; at < source.length; at += PIECE) {
    const piece = at === 0 && source.length <= PIECE ? source : source.subarray(at, at + PIECE);
    const { length } = piece;
    // A piece is a whole number of words: each lies as the first.
    scratch.set(piece, from);
    scratch.copyWithin(to, from, from + length);
    target.set(scratch.subarray(to, to + length), at);
  }
}
