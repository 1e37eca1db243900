/**
 * The dead that are still read.
 *
 * Invariants:
 * - All calls are made inside the monitor.
 * - A dead slot had pins when it was killed. Its pins can only become fewer for good: new ones are
 *   taken back at once, because its generation has changed. It leaves when they are seen to be 0.
 * - The slots are listed by their *next* words, plus one, 0 at the end.
 *
 * @module
 */
import * as memoryCounts from "./memory_counts.ts";
import type { Pins } from "./pins.ts";
import * as slotWords from "./slot_words.ts";
import type { Slots } from "./slots.ts";

const { LIMBO } = memoryCounts;
const { NEXT } = slotWords;

/** A list of dead slots. */
export class Limbo {
  readonly #counts: Int32Array<SharedArrayBuffer>;
  readonly #slots: Slots;
  readonly #pins: Pins;

  /** Attaches to the list whose head is in `counts`. */
  constructor(counts: Int32Array<SharedArrayBuffer>, slots: Slots, pins: Pins) {
    this.#counts = counts;
    this.#slots = slots;
    this.#pins = pins;
  }

  /** Takes in a dead slot. */
  add(slot: number): void {
    this.#slots.write(slot, NEXT, this.#counts[LIMBO]!);
    this.#counts[LIMBO] = slot + 1;
  }

  /**
   * Lets go of every slot that is not read any more.
   *
   * @param free Called for each of them.
   * @returns Whether there was one.
   */
  reap(free: (slot: number) => void): boolean {
    if (this.#counts[LIMBO] === 0 || !this.#pins.takeReturned()) return false;
    let reaped = false;
    let before = -1;
    for (let link = this.#counts[LIMBO]!; link !== 0;) {
      const slot = link - 1;
      link = this.#slots.read(slot, NEXT);
      if (this.#pins.sum(slot) > 0) {
        before = slot;
        continue;
      }
      if (before < 0) this.#counts[LIMBO] = link;
      else this.#slots.write(before, NEXT, link);
      free(slot);
      reaped = true;
    }
    return reaped;
  }

  /** Walks the list. */
  walk(visit: (slot: number) => void): void {
    for (let link = this.#counts[LIMBO]!; link !== 0; link = this.#slots.read(link - 1, NEXT)) {
      visit(link - 1);
    }
  }
}
