/**
 * What the objects of the bench hold: the size is the first part of a key, and the bytes follow
 * from the key and the version.
 *
 * @module
 */

/** How many bodies of one size differ. */
export const CONTENTS = 251;

/** The largest object, in bytes. */
export const LARGEST_BYTES: number = 64 * 1024 * 1024;

/** Distance between the beginnings of two bodies in the pattern that they are cut from. */
const STRIDE = 4_093;

/** Cuts bodies from one pattern of random bytes, the same in every process. */
export class Contents {
  readonly #pattern: Uint8Array<ArrayBuffer>;

  /** @param largest The longest body that will be asked for, in bytes. */
  constructor(largest: number) {
    this.#pattern = noise(largest + CONTENTS * STRIDE);
  }

  /** The bytes of a body, not to be changed. */
  bytes(index: number, size: number): Uint8Array<ArrayBuffer> {
    return this.#pattern.subarray(index * STRIDE, index * STRIDE + size);
  }
}

/** Which of the {@linkcode CONTENTS} a key has in a version; versions in a row differ. */
export function contentIndex(key: string, version: number): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 16_777_619);
  }
  return ((hash >>> 0) + version) % CONTENTS;
}

/**
 * The size that a key announces, in bytes.
 *
 * @param key `SIZE/NAME`.
 * @returns `undefined` for any other key, and beyond {@linkcode LARGEST_BYTES}.
 */
export function sizeOf(key: string): number | undefined {
  const size = Number(/^(\d{1,8})\//.exec(key)?.[1] ?? NaN);
  return size <= LARGEST_BYTES ? size : undefined;
}

/** Bytes of a xorshift generator: no two stretches are alike. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}
