/**
 * The name of an entry towards its policy.
 *
 * @module
 */

/** Two hashes of a key, unsigned 32-bit integers independent of each other. */
export interface KeyHash {
  /** First hash. */
  readonly high: number;
  /** Second hash. */
  readonly low: number;
}

/** Between object and variant; no UTF-16 code unit has this value. */
const SEPARATOR = 0x10000;

/** Hashes the address of an entry. The same for the same strings, on every machine. */
export function hashKey(object: string, variant: string): KeyHash {
  let high = 0x9e3779b9;
  let low = 0x7f4a7c15;
  const mix = (unit: number): void => {
    high = rotate(Math.imul(high ^ unit, 0x2c1b3c6d), 13);
    low = rotate(Math.imul(low ^ unit, 0x297a2d39), 17);
  };
  for (let i = 0; i < object.length; i++) mix(object.charCodeAt(i));
  mix(SEPARATOR);
  for (let i = 0; i < variant.length; i++) mix(variant.charCodeAt(i));
  return { high: scatter(high), low: scatter(low) };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Lets every bit of a word bear on every other. */
function scatter(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
