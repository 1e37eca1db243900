/**
 * Pins: who reads which slot.
 *
 * Invariants:
 * - One word for each worker and slot: how many readers of the worker read the slot. Only the
 *   worker itself changes it, with Atomics; who voids a worker that is dead sets it to 0.
 * - A reader outside the monitor adds its pin, then loads the slot's generation. Another than
 *   expected: it takes the pin back and has seen nothing. Who kills a slot stores the generation,
 *   then sums the pins. Sequentially consistent Atomics let at least one of the two see the other,
 *   so nobody reads a slot whose memory is given away.
 * - A reader that takes back its pin and finds the slot killed raises *returned*: only then is a
 *   look at the limbo worth while. It loads the generation after it has taken back the pin, so
 *   that the last reader of a dead slot never misses the kill.
 * - A worker that dies leaves its row as it was.
 *
 * @module
 */
import * as slotWords from "./slot_words.ts";
import type { Slots } from "./slots.ts";

const { GENERATION } = slotWords;

/** The pins of all workers, as one of them sees them. */
export class Pins {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #slots: Slots;
  readonly #workers: number;
  readonly #returned: Int32Array<SharedArrayBuffer>;

  /**
   * Attaches to pins.
   *
   * @param words As many words a worker as there are slots; a row for each worker.
   * @param slots Their generations.
   * @param workers Rows.
   * @param returned One word, raised when a pin of a dead slot is taken back.
   */
  constructor(
    words: Int32Array<SharedArrayBuffer>,
    slots: Slots,
    workers: number,
    returned: Int32Array<SharedArrayBuffer>,
  ) {
    this.#words = words;
    this.#slots = slots;
    this.#workers = workers;
    this.#returned = returned;
  }

  /**
   * Pins a slot that cannot die meanwhile: inside the monitor, or one that the worker itself fills.
   */
  add(worker: number, slot: number): void {
    Atomics.add(this.#words, worker * this.#slots.length + slot, 1);
  }

  /** Pins a slot if it is still of this generation, and says whether it is pinned. */
  tryAdd(worker: number, slot: number, generation: number): boolean {
    this.add(worker, slot);
    if (this.#slots.load(slot, GENERATION) === generation) return true;
    this.#takeBack(worker, slot);
    this.#raise();
    return false;
  }

  /** Takes back a pin that was added while the slot had this generation. */
  release(worker: number, slot: number, generation: number): void {
    this.#takeBack(worker, slot);
    if (this.#slots.load(slot, GENERATION) !== generation) this.#raise();
  }

  /** Pins of all workers on a slot. */
  sum(slot: number): number {
    let sum = 0;
    for (let worker = 0; worker < this.#workers; worker++) {
      sum += Atomics.load(this.#words, worker * this.#slots.length + slot);
    }
    return sum;
  }

  /** Whether pins of dead slots were taken back since the last call. */
  takeReturned(): boolean {
    return Atomics.load(this.#returned, 0) !== 0 && Atomics.exchange(this.#returned, 0, 0) !== 0;
  }

  /**
   * Takes back all pins of a worker that is dead.
   *
   * @param worker The worker.
   * @param slots Slots that were ever used; only their words are touched.
   */
  void(worker: number, slots: number): void {
    const row = worker * this.#slots.length;
    for (let slot = 0; slot < slots; slot++) {
      if (Atomics.load(this.#words, row + slot) !== 0) Atomics.store(this.#words, row + slot, 0);
    }
    this.#raise();
  }

  #takeBack(worker: number, slot: number): void {
    Atomics.sub(this.#words, worker * this.#slots.length + slot, 1);
  }

  #raise(): void {
    Atomics.store(this.#returned, 0, 1);
  }
}
