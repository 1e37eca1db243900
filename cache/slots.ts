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
import * as slotWords from "./slot_words.ts";

const {
  CHAIN,
  CODE,
  EVENTS,
  FILLING,
  HASH_ENTRY,
  HASH_LOW,
  KEY_BYTES,
  KEY_UNITS,
  OBJECT_UNITS,
  PHASE,
  PROGRESS,
  RECORD_BYTES,
  SIZE,
  STATE,
  VERSION,
  WAITING,
  WORKER,
} = slotWords;

/** Words and figures a slot, as shifts. */
const WORDS_SHIFT = 4;
const FIGURES_SHIFT = 2;

/** Words a slot. */
export const SLOT_WORDS: number = 1 << WORDS_SHIFT;

/** Figures a slot. */
export const SLOT_FIGURES: number = 1 << FIGURES_SHIFT;

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
