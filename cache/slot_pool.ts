/**
 * Slots that are not in use.
 *
 * Invariants:
 * - All calls are made inside the monitor.
 * - Slots that were never used are those from *used slots* on; all others that are free are listed
 *   by their *next* words, plus one, 0 at the end. A slot that is used again keeps its generation.
 *
 * @module
 */
import * as memoryCounts from "./memory_counts.ts";
import * as slotWords from "./slot_words.ts";
import type { Slots } from "./slots.ts";

const { FREE_SLOTS, LIVE, USED_SLOTS } = memoryCounts;
const { FREE, NEXT, STATE } = slotWords;

/** Gives out slots and takes them back. */
export class SlotPool {
  readonly #counts: Int32Array<SharedArrayBuffer>;
  readonly #slots: Slots;

  /** Attaches to the pool whose words are in `counts`. */
  constructor(counts: Int32Array<SharedArrayBuffer>, slots: Slots) {
    this.#counts = counts;
    this.#slots = slots;
  }

  /** Slots that were ever used are below. */
  get used(): number {
    return Atomics.load(this.#counts, USED_SLOTS);
  }

  /** A slot that is free, or -1. */
  take(): number {
    const counts = this.#counts;
    const free = counts[FREE_SLOTS]! - 1;
    if (free >= 0) counts[FREE_SLOTS] = this.#slots.read(free, NEXT);
    else if (counts[USED_SLOTS] === this.#slots.length) return -1;
    counts[LIVE]! += 1;
    if (free >= 0) return free;
    counts[USED_SLOTS]! += 1;
    return counts[USED_SLOTS]! - 1;
  }

  /** Takes a slot back. */
  give(slot: number): void {
    const counts = this.#counts;
    this.#slots.write(slot, STATE, FREE);
    this.#slots.write(slot, NEXT, counts[FREE_SLOTS]!);
    counts[FREE_SLOTS] = slot + 1;
    counts[LIVE]! -= 1;
  }

  /** Walks those that were used and are free. */
  walk(visit: (slot: number) => void): void {
    for (
      let link = this.#counts[FREE_SLOTS]!;
      link !== 0;
      link = this.#slots.read(link - 1, NEXT)
    ) {
      visit(link - 1);
    }
  }
}
