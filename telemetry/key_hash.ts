/**
 * The hash that sketches of keys rest on.
 *
 * @module
 */

/** 64 bits of hash in two words. */
export interface KeyHash {
  /** The upper 32 bits, signed. */
  readonly high: number;
  /** The lower 32 bits, signed. */
  readonly low: number;
}

/** Hashes the UTF-16 code units of a text. The same on every machine; not for adversaries. */
export function hashKey(text: string): KeyHash {
  let high = 0x243f6a88;
  let low = 0x85a308d3;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high = (high << 13) | (high >>> 19);
    low = (low << 17) | (low >>> 15);
  }
  const first = scatter(high ^ text.length);
  const second = scatter(low + first);
  return { high: scatter(first ^ second), low: second };
}

/** Hashes a number, as `hashKey` does a text. */
export function hashNumber(key: number): KeyHash {
  const second = scatter(key | 0);
  return { high: scatter(second ^ Math.floor(key / 2 ** 32) ^ 0x243f6a88), low: second };
}

/** Lets every bit of a word bear on every other (Wellons' lowbias32). */
function scatter(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
