/**
 * The address of an entry, hashed, and how it lies in shared memory.
 *
 * A key is stored as the UTF-16 code units of object and variant, one after the other: a byte a
 * unit if all of them are below 256, else two bytes a unit, the low one first.
 *
 * @module
 */

/** Two hashes independent of each other, signed 32-bit integers. */
export interface Hash {
  /** First hash. */
  readonly high: number;
  /** Second hash. */
  readonly low: number;
}

/** An entry's address with its hashes. The hashes are those of the object. */
export interface EntryKey extends Hash {
  /** The object that the entry is read from. */
  readonly object: string;
  /** Which variant of the object. */
  readonly variant: string;
  /** First hash of object and variant together, a signed 32-bit integer. */
  readonly entryHigh: number;
  /** Second hash of object and variant together, a signed 32-bit integer. */
  readonly entryLow: number;
  /** Bytes that it takes in memory. */
  readonly bytes: number;
}

const SEED_HIGH = 0x9e3779b9 | 0;
const SEED_LOW = 0x7f4a7c15;

/** Between object and variant; no UTF-16 code unit has this value. */
const SEPARATOR = 0x10000;

/** Hashes an address. The same for the same strings, on every machine. */
export function entryKey(object: string, variant: string): EntryKey {
  let high = SEED_HIGH;
  let low = SEED_LOW;
  let units = 0;
  for (let i = 0; i < object.length; i++) {
    const unit = object.charCodeAt(i);
    units |= unit;
    high = mixHigh(high, unit);
    low = mixLow(low, unit);
  }
  const [objectHigh, objectLow] = [scatter(high), scatter(low)];
  high = mixHigh(high, SEPARATOR);
  low = mixLow(low, SEPARATOR);
  for (let i = 0; i < variant.length; i++) {
    const unit = variant.charCodeAt(i);
    units |= unit;
    high = mixHigh(high, unit);
    low = mixLow(low, unit);
  }
  return {
    high: objectHigh,
    low: objectLow,
    object,
    variant,
    entryHigh: scatter(high),
    entryLow: scatter(low),
    bytes: (object.length + variant.length) * (units < 256 ? 1 : 2),
  };
}

/** Hashes the first `length` code units of a text, as the hashes of an object of that name. */
export function hashPrefix(text: string, length: number): Hash {
  let high = SEED_HIGH;
  let low = SEED_LOW;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    high = mixHigh(high, unit);
    low = mixLow(low, unit);
  }
  return { high: scatter(high), low: scatter(low) };
}

/** Stores a key from byte `at` on. */
export function storeKey(
  { object, variant, bytes }: EntryKey,
  into: Uint8Array,
  at: number,
): void {
  const width = bytes === object.length + variant.length ? 1 : 2;
  storeUnits(object, width, into, at);
  storeUnits(variant, width, into, at + object.length * width);
}

/**
 * Whether stored units begin with a text.
 *
 * @param text The text.
 * @param from Memory that the units are in.
 * @param at Where the first of them begins, in bytes.
 * @param width Bytes a unit, 1 or 2.
 */
export function unitsMatch(text: string, from: Uint8Array, at: number, width: number): boolean {
  for (let i = 0, byte = at; i < text.length; i++, byte += width) {
    const unit = width === 1 ? from[byte]! : from[byte]! | (from[byte + 1]! << 8);
    if (text.charCodeAt(i) !== unit) return false;
  }
  return true;
}

/** The text of `units` stored units; the other parameters as those of {@linkcode unitsMatch}. */
export function loadUnits(from: Uint8Array, at: number, width: number, units: number): string {
  let text = "";
  for (let i = 0, byte = at; i < units; i++, byte += width) {
    text += String.fromCharCode(width === 1 ? from[byte]! : from[byte]! | (from[byte + 1]! << 8));
  }
  return text;
}

function storeUnits(text: string, width: number, into: Uint8Array, at: number): void {
  for (let i = 0, byte = at; i < text.length; i++, byte += width) {
    const unit = text.charCodeAt(i);
    into[byte] = unit;
    if (width === 2) into[byte + 1] = unit >>> 8;
  }
}

function mixHigh(word: number, unit: number): number {
  const mixed = Math.imul(word ^ unit, 0x2c1b3c6d);
  return (mixed << 13) | (mixed >>> 19);
}

function mixLow(word: number, unit: number): number {
  const mixed = Math.imul(word ^ unit, 0x297a2d39);
  return (mixed << 17) | (mixed >>> 15);
}

/** Lets every bit of a word bear on every other. */
function scatter(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
