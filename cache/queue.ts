/**
 * A first-in first-out queue of slots.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import type { SlotTable } from "./slot_table.ts";
import * as slotTable from "./slot_table.ts";

const { NEWER, NO_QUEUE, NO_SLOT, OLDER, QUEUE, ROW_DOUBLES, ROW_WORDS, WEIGHT } = slotTable;

const NEWEST = 0;
const OLDEST = 1;
const ENTRIES = 2;

/** Words that a queue has of its own. */
export const QUEUE_WORDS = 3;

/** What a queue keeps beside the links, in arrays that hold many queues. */
export interface QueueTable {
  /** Ends and length, {@linkcode QUEUE_WORDS} a queue. */
  readonly words: Int32Array;
  /** Sum of the weights of a queue's slots. */
  readonly weights: Float64Array;
}

/**
 * A doubly linked queue whose links live in a {@linkcode SlotTable}. Every operation takes
 * constant time; a slot is in at most one queue of a table, and its row names that queue: by its
 * number plus one.
 *
 * Invariants:
 * - Nothing of the queue is in the object: all that attach to the same memory are one queue, as
 *   long as they are used in turns.
 * - Zeros are an empty queue; the ends of an empty queue mean nothing.
 */
export class FifoQueue {
  readonly #rows: Int32Array;
  readonly #doubles: Float64Array;
  readonly #tag: number;
  readonly #words: Int32Array;
  readonly #weights: Float64Array;
  readonly #queue: number;
  readonly #base: number;

  /**
   * Attaches to a queue.
   *
   * @param slots Where links and weights are.
   * @param queues Where ends and sums are.
   * @param queue Which of those queues.
   */
  constructor(slots: SlotTable, queues: QueueTable, queue: number) {
    this.#rows = slots.words;
    this.#doubles = slots.doubles;
    this.#tag = queue + 1;
    this.#words = queues.words;
    this.#weights = queues.weights;
    this.#queue = queue;
    this.#base = queue * QUEUE_WORDS;
  }

  /** Slots queued. */
  get entries(): number {
    return this.#words[this.#base + ENTRIES]!;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#weights[this.#queue]!;
  }

  /** The slot that was queued first, or `NO_SLOT`. */
  get oldest(): number {
    return this.entries === 0 ? NO_SLOT : this.#words[this.#base + OLDEST]!;
  }

  /** Queues a slot that is in no queue; its weight is in the table. */
  push(slot: number): void {
    const words = this.#words;
    const base = this.#base;
    const rows = this.#rows;
    const row = slot * ROW_WORDS;
    const entries = words[base + ENTRIES]!;
    const newest = entries === 0 ? NO_SLOT : words[base + NEWEST]!;
    if (newest === NO_SLOT) words[base + OLDEST] = slot;
    else rows[newest * ROW_WORDS + NEWER] = slot;
    rows[row + NEWER] = NO_SLOT;
    rows[row + OLDER] = newest;
    rows[row + QUEUE] = this.#tag;
    words[base + NEWEST] = slot;
    words[base + ENTRIES] = entries + 1;
    this.#weights[this.#queue] = this.weight + this.#doubles[slot * ROW_DOUBLES + WEIGHT]!;
  }

  /** Takes a slot of this queue out, from wherever it is. */
  remove(slot: number): void {
    const words = this.#words;
    const base = this.#base;
    const rows = this.#rows;
    const row = slot * ROW_WORDS;
    const after = rows[row + NEWER]!;
    const before = rows[row + OLDER]!;
    if (after === NO_SLOT) words[base + NEWEST] = before;
    else rows[after * ROW_WORDS + OLDER] = before;
    if (before === NO_SLOT) words[base + OLDEST] = after;
    else rows[before * ROW_WORDS + NEWER] = after;
    rows[row + QUEUE] = NO_QUEUE;
    words[base + ENTRIES] = words[base + ENTRIES]! - 1;
    this.#weights[this.#queue] = this.weight - this.#doubles[slot * ROW_DOUBLES + WEIGHT]!;
  }

  /**
   * Walks the queue both ways and recomputes its sums.
   *
   * @param visit Called for every slot, oldest first.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (slot: number, weight: number) => void): void {
    const rows = this.#rows;
    let entries = 0;
    let sum = 0;
    let before = NO_SLOT;
    for (let slot = this.oldest; slot !== NO_SLOT; slot = rows[slot * ROW_WORDS + NEWER]!) {
      const row = slot * ROW_WORDS;
      auditThat(entries < this.entries, "a queue has more slots than it counts, or a ring");
      auditEqual(rows[row + QUEUE], this.#tag, `the queue of slot ${slot}`);
      auditEqual(rows[row + OLDER], before, `the slot before slot ${slot}`);
      const weight = this.#doubles[slot * ROW_DOUBLES + WEIGHT]!;
      entries += 1;
      sum += weight;
      visit(slot, weight);
      before = slot;
    }
    if (entries > 0) auditEqual(this.#words[this.#base + NEWEST], before, "a queue's newest slot");
    auditEqual(this.entries, entries, "the length of a queue");
    auditEqual(this.weight, sum, "the weight of a queue");
  }
}
