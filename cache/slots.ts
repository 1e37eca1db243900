/**
 * The table of slots: what is known of each entry and each running fill.
 *
 * Invariants:
 * - A slot is free, or in one of four states. *Filling*: a fill of its address runs and can be
 *   joined. *Lost*: a fill runs that a write has overtaken. *Ready*: an entry. *Dead*: an entry or
 *   fill at its end that is not free yet. Filling and ready slots are linked in the index, at most
 *   one of each an address: a fill may run that is to take the place of the entry. Ready ones are
 *   in the policy; dead ones are in limbo. States change inside the monitor alone.
 * - Ready slots of one object whose *version* is not 0 have the same one.
 * - *Generation* goes up by one when a slot dies, and never otherwise. It is raised before the pins
 *   are summed. A pin that was added while the generation was the expected one keeps the slot, its
 *   words and its chain from being used again.
 * - *Events* is raised, with Atomics and followed by a notify, after every change of a fill that
 *   its followers wait for: *phase* (announced, ended, aborted), *progress* (bytes of body that
 *   have landed, unsigned) and *code* (why it was aborted, set before the phase). Only the filling
 *   worker writes these four while it lives; who voids it, afterwards. A follower that loads the
 *   phase or the progress sees what was written before it: record, lengths, bytes. Where the slot
 *   has no pins after the change, it is not told: who pins the slot later sees the change.
 * - All other words and the figures are written inside the monitor, or before the fill announces.
 *   The two times of an entry may change while it is ready, the rest stays as it was admitted.
 * - A worker that dies leaves slots that it fills, told by *worker*, and pins. Both are voided.
 *
 * Memory: 64 bytes of words and 32 of figures a slot; a slot of zeros is one that was never used.
 *
 * @module
 */

import type { EntryKey } from "./entry_key.ts";

/** Words and figures a slot, as shifts. */
const WORDS_SHIFT = 4;
const FIGURES_SHIFT = 2;

/** Words a slot. */
export const SLOT_WORDS: number = 1 << WORDS_SHIFT;

/** Figures a slot. */
export const SLOT_FIGURES: number = 1 << FIGURES_SHIFT;

/** Raised when the slot dies. */
export const GENERATION = 0;
/** One of the states below. */
export const STATE = 1;
/** A hash of object and variant. */
export const HASH_ENTRY = 2;
/** A hash of the object. */
export const HASH_LOW = 3;
/** The next slot of its chain in the index, of the limbo or of the free slots, plus one. */
export const NEXT = 4;
/** Address of its memory in the arena; of a fill that waits, also of a cell for its key. */
export const CHAIN = 5;
/** Length of the object in UTF-16 code units. */
export const OBJECT_UNITS = 6;
/** Length of object and variant in UTF-16 code units. */
export const KEY_UNITS = 7;
/** Bytes that the key takes at the beginning of its memory. */
export const KEY_BYTES = 8;
/** Bytes of the record behind the key. */
export const RECORD_BYTES = 9;
/** Number of the worker that fills. */
export const WORKER = 10;
/** Raised when a follower has something to look at. */
export const EVENTS = 11;
/** One of the phases below. */
export const PHASE = 12;
/** Bytes of the body that have landed, as an unsigned integer. */
export const PROGRESS = 13;
/** Why the fill was aborted. */
export const CODE = 14;
/** Tells the versions of an object apart; 0 for an entry that goes with any. */
export const VERSION = 15;

/** States: not in use. */
export const FREE = 0;
/** A fill that can be joined. */
export const FILLING = 1;
/** A fill that was overtaken by a write. */
export const LOST = 2;
/** An entry that can be found. */
export const READY = 3;
/** At its end, its memory waiting for the last pin. */
export const DEAD = 4;

/** Phases: the fill has not announced its entry. */
export const WAITING = 0;
/** Record and size are known, and bytes land. */
export const BEGUN = 1;
/** All bytes have landed, and are right. */
export const ENDED = 2;
/** The fill broke off. */
export const ABORTED = 3;

/** Figures: length of the body in bytes, -1 while it is not known. */
export const SIZE = 0;
/** When the entry was admitted, in milliseconds since the epoch. */
export const STORED_AT = 1;
/** From when on it is no longer found. */
export const EXPIRES_AT = 2;
/** Bytes that the slot is charged with. */
export const WEIGHT = 3;

/** The words and figures of all slots. */
export class Slots {
  /** How many slots there are. */
  readonly length: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #figures: Float64Array<SharedArrayBuffer>;

  /**
   * Attaches to a table.
   *
   * @param words {@linkcode SLOT_WORDS} a slot, zeros at first.
   * @param figures {@linkcode SLOT_FIGURES} a slot, zeros at first.
   */
  constructor(words: Int32Array<SharedArrayBuffer>, figures: Float64Array<SharedArrayBuffer>) {
    this.length = words.length / SLOT_WORDS;
    this.#words = words;
    this.#figures = figures;
  }

  /** Reads a word, inside the monitor or where it does not change. */
  read(slot: number, word: number): number {
    return this.#words[(slot << WORDS_SHIFT) + word]!;
  }

  /** Writes a word, inside the monitor or before anybody reads it. */
  write(slot: number, word: number, value: number): void {
    this.#words[(slot << WORDS_SHIFT) + word] = value;
  }

  /** Writes all words but the generation, the next slot and the events, as a fill begins. */
  describeFill(slot: number, key: EntryKey, chain: number, worker: number): void {
    const words = this.#words;
    const row = slot << WORDS_SHIFT;
    words[row + STATE] = FILLING;
    words[row + HASH_ENTRY] = key.entryLow;
    words[row + HASH_LOW] = key.low;
    words[row + CHAIN] = chain;
    words[row + OBJECT_UNITS] = key.object.length;
    words[row + KEY_UNITS] = key.object.length + key.variant.length;
    words[row + KEY_BYTES] = key.bytes;
    words[row + RECORD_BYTES] = 0;
    words[row + WORKER] = worker;
    words[row + PHASE] = WAITING;
    words[row + PROGRESS] = 0;
    words[row + CODE] = 0;
    words[row + VERSION] = 0;
    this.setFigure(slot, SIZE, -1);
  }

  /** Loads a word that others may change. */
  load(slot: number, word: number): number {
    return Atomics.load(this.#words, (slot << WORDS_SHIFT) + word);
  }

  /** Stores a word that others may read. */
  store(slot: number, word: number, value: number): void {
    Atomics.store(this.#words, (slot << WORDS_SHIFT) + word, value);
  }

  /** Reads a figure. */
  figure(slot: number, figure: number): number {
    return this.#figures[(slot << FIGURES_SHIFT) + figure]!;
  }

  /** Writes a figure. */
  setFigure(slot: number, figure: number, value: number): void {
    this.#figures[(slot << FIGURES_SHIFT) + figure] = value;
  }

  /** Raises the events of a slot, and wakes who waits for them. */
  signal(slot: number): void {
    const at = (slot << WORDS_SHIFT) + EVENTS;
    Atomics.add(this.#words, at, 1);
    Atomics.notify(this.#words, at);
  }

  /**
   * Waits for the next event of a slot.
   *
   * @param slot Pinned, or filled by who waits.
   * @param events What the events were when there was nothing to look at.
   * @returns When it is worth looking again; `undefined` if it is now.
   */
  wait(slot: number, events: number): Promise<unknown> | undefined {
    const wait = Atomics.waitAsync(this.#words, (slot << WORDS_SHIFT) + EVENTS, events);
    return wait.async ? wait.value : undefined;
  }
}
