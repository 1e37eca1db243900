/**
 * Finds slots by their address.
 *
 * Invariants:
 * - All calls are made inside the monitor.
 * - Slots are chained by their *next* words, each chain below the head that the hash of its slots
 *   names; heads and links hold the slot plus one, 0 where there is none. The entry of an object's
 *   plain variant is in the object's own chain. Its other variants are spread over
 *   {@linkcode SPREAD} chains by the hash of the entry: an object may have thousands of parts.
 * - Variants other than the plain one are counted by the hash of their object: where there are
 *   none, an object has no chain but its own.
 * - A match compares the whole key, unit by unit, never a hash alone.
 * - An address may have two slots, in different states.
 *
 * @module
 */
import { auditEqual } from "./audit.ts";
import { type EntryKey, entryKey, loadUnits, unitsMatch } from "./entry_key.ts";
import type { KeyPlaces } from "./key_places.ts";
import * as slotWords from "./slot_words.ts";
import type { Slots } from "./slots.ts";

const { CHAIN, HASH_ENTRY, HASH_LOW, KEY_BYTES, KEY_UNITS, NEXT, OBJECT_UNITS, STATE } = slotWords;

/** Chains that the variants of an object are spread over; a power of two. */
const SPREAD = 64;

/** Stands for the chain of an object's plain variant. */
const PLAIN = -1;

/** Counts of variants in an index of as many heads. */
export function variantCounts(heads: number): number {
  return Math.ceil(heads / 2);
}

/** Slots by object and variant. */
export class KeyIndex {
  readonly #heads: Int32Array<SharedArrayBuffer>;
  readonly #variants: Int32Array<SharedArrayBuffer>;
  readonly #slots: Slots;
  readonly #places: KeyPlaces;

  /**
   * Attaches to an index.
   *
   * @param heads A power of two of them, zeros at first.
   * @param variants Counts of variants, {@linkcode variantCounts} of them, zeros at first.
   * @param slots What is indexed.
   * @param places Where the keys lie.
   */
  constructor(
    heads: Int32Array<SharedArrayBuffer>,
    variants: Int32Array<SharedArrayBuffer>,
    slots: Slots,
    places: KeyPlaces,
  ) {
    this.#heads = heads;
    this.#variants = variants;
    this.#slots = slots;
    this.#places = places;
  }

  /** The slot of an address that is in a state, or -1. */
  find(key: EntryKey, state: number): number {
    const entry = key.entryLow;
    const head = this.#head(key.low, key.variant === "" ? PLAIN : entry & (SPREAD - 1));
    for (let slot = this.#heads[head]! - 1; slot >= 0; slot = this.#after(slot)) {
      if (this.#slots.read(slot, HASH_ENTRY) !== entry) continue;
      if (this.#slots.read(slot, STATE) !== state) continue;
      if (this.isOf(slot, key) && this.#isVariant(slot, key)) return slot;
    }
    return -1;
  }

  /**
   * Visits all slots of an object.
   *
   * @param object The object of the key.
   * @param visit May unlink the slot; `true` ends the visit.
   */
  visit(object: EntryKey, visit: (slot: number) => boolean | void): void {
    const chains = this.mayVary(object) ? SPREAD : PLAIN + 1;
    for (let chain = PLAIN; chain < chains; chain++) {
      for (let slot = this.#heads[this.#head(object.low, chain)]! - 1; slot >= 0;) {
        const after = this.#after(slot);
        const found = this.#chainOf(slot) === chain && this.isOf(slot, object);
        if (found && visit(slot) === true) return;
        slot = after;
      }
    }
  }

  /** Whether an object may have other variants than its plain one. */
  mayVary(object: EntryKey): boolean {
    return this.#variants[this.#countOf(object.low)] !== 0;
  }

  /** Whether a slot is of the object of a key. */
  isOf(slot: number, key: EntryKey): boolean {
    const slots = this.#slots;
    return slots.read(slot, HASH_LOW) === key.low &&
      slots.read(slot, OBJECT_UNITS) === key.object.length && this.#beginsWith(slot, key.object);
  }

  /** Whether the object of a slot begins with a prefix. */
  isBelow(slot: number, prefix: string): boolean {
    return this.#slots.read(slot, OBJECT_UNITS) >= prefix.length && this.#beginsWith(slot, prefix);
  }

  /** The key of a slot. */
  keyOf(slot: number): EntryKey {
    const units = this.#slots.read(slot, KEY_UNITS);
    const place = this.#slots.read(slot, CHAIN);
    const [bytes, start] = [this.#places.bytes(place), this.#places.offset(place)];
    const text = loadUnits(bytes, start, this.#width(slot), units);
    const objectUnits = this.#slots.read(slot, OBJECT_UNITS);
    return entryKey(text.slice(0, objectUnits), text.slice(objectUnits));
  }

  /** Links a slot, whose address is not linked. */
  link(slot: number): void {
    const head = this.#headOf(slot);
    this.#slots.write(slot, NEXT, this.#heads[head]!);
    this.#heads[head] = slot + 1;
    this.#countVariant(slot, 1);
  }

  /** Unlinks a slot that is linked. */
  unlink(slot: number): void {
    const slots = this.#slots;
    this.#countVariant(slot, -1);
    const head = this.#headOf(slot);
    const next = slots.read(slot, NEXT);
    let before = this.#heads[head]! - 1;
    if (before === slot) {
      this.#heads[head] = next;
      return;
    }
    while (this.#after(before) !== slot) before = this.#after(before);
    slots.write(before, NEXT, next);
  }

  /**
   * Walks all chains.
   *
   * @param visit Called for every slot that is linked.
   */
  walk(visit: (slot: number) => void): void {
    for (const head of this.#heads) {
      for (let slot = head - 1; slot >= 0; slot = this.#after(slot)) visit(slot);
    }
  }

  /** Whether a slot is in the chain where it is looked for. */
  isLinked(slot: number): boolean {
    let found = this.#heads[this.#headOf(slot)]! - 1;
    while (found >= 0 && found !== slot) found = this.#after(found);
    return found === slot;
  }

  /**
   * Recounts the variants.
   *
   * @throws {Error} naming the first count that is not as it should be.
   */
  audit(): void {
    const counted = new Int32Array(this.#variants.length);
    this.walk((slot) => {
      if (this.#chainOf(slot) !== PLAIN) {
        counted[this.#countOf(this.#slots.read(slot, HASH_LOW))]! += 1;
      }
    });
    counted.forEach((count, i) => auditEqual(this.#variants[i], count, "a number of variants"));
  }

  #after(slot: number): number {
    return this.#slots.read(slot, NEXT) - 1;
  }

  #headOf(slot: number): number {
    return this.#head(this.#slots.read(slot, HASH_LOW), this.#chainOf(slot));
  }

  /** Which of its object's chains a slot is in. */
  #chainOf(slot: number): number {
    const slots = this.#slots;
    if (slots.read(slot, KEY_UNITS) === slots.read(slot, OBJECT_UNITS)) return PLAIN;
    return slots.read(slot, HASH_ENTRY) & (SPREAD - 1);
  }

  #countVariant(slot: number, more: number): void {
    if (this.#chainOf(slot) === PLAIN) return;
    this.#variants[this.#countOf(this.#slots.read(slot, HASH_LOW))]! += more;
  }

  /** Which of the counts stands for an object. */
  #countOf(low: number): number {
    return low & (this.#variants.length - 1);
  }

  #head(low: number, chain: number): number {
    if (chain === PLAIN) return low & (this.#heads.length - 1);
    const mixed = Math.imul(low ^ Math.imul(chain + 1, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#heads.length - 1);
  }

  #isVariant(slot: number, { object, variant }: EntryKey): boolean {
    if (this.#slots.read(slot, KEY_UNITS) !== object.length + variant.length) return false;
    return this.#unitsAt(slot, object.length, variant);
  }

  #beginsWith(slot: number, text: string): boolean {
    return this.#unitsAt(slot, 0, text);
  }

  /** Whether a slot's key has a text from one unit on. */
  #unitsAt(slot: number, unit: number, text: string): boolean {
    const width = this.#width(slot);
    const place = this.#slots.read(slot, CHAIN);
    const start = this.#places.offset(place) + unit * width;
    return unitsMatch(text, this.#places.bytes(place), start, width);
  }

  /** Bytes a unit. */
  #width(slot: number): number {
    return this.#slots.read(slot, KEY_BYTES) === this.#slots.read(slot, KEY_UNITS) ? 1 : 2;
  }
}
