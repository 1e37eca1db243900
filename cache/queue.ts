/**
 * A first-in first-out queue of slots.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import { NO_QUEUE, NO_SLOT, type SlotTable } from "./slot_table.ts";

/**
 * A doubly linked queue whose links live in a {@linkcode SlotTable}. Every operation takes
 * constant time; a slot is in at most one queue of a table, and its tag names that queue.
 */
export class FifoQueue {
  readonly #table: SlotTable;
  readonly #tag: number;
  #newest = NO_SLOT;
  #oldest = NO_SLOT;
  #entries = 0;
  #weight = 0;

  /**
   * @param table Where links and weights are.
   * @param tag Marks the slots of this queue in the table; above `NO_QUEUE`.
   */
  constructor(table: SlotTable, tag: number) {
    this.#table = table;
    this.#tag = tag;
  }

  /** Slots queued. */
  get entries(): number {
    return this.#entries;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#weight;
  }

  /** The slot that was queued first, or `NO_SLOT`. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Queues a slot that is in no queue; its weight is in the table. */
  push(slot: number): void {
    const { newer, older, queue, weight } = this.#table;
    newer[slot] = NO_SLOT;
    older[slot] = this.#newest;
    if (this.#newest === NO_SLOT) this.#oldest = slot;
    else newer[this.#newest] = slot;
    this.#newest = slot;
    queue[slot] = this.#tag;
    this.#entries += 1;
    this.#weight += weight[slot]!;
  }

  /** Takes a slot of this queue out, from wherever it is. */
  remove(slot: number): void {
    const { newer, older, queue, weight } = this.#table;
    const after = newer[slot]!;
    const before = older[slot]!;
    if (after === NO_SLOT) this.#newest = before;
    else older[after] = before;
    if (before === NO_SLOT) this.#oldest = after;
    else newer[before] = after;
    queue[slot] = NO_QUEUE;
    this.#entries -= 1;
    this.#weight -= weight[slot]!;
  }

  /**
   * Walks the queue both ways and recomputes its sums.
   *
   * @param visit Called for every slot, oldest first.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (slot: number, weight: number) => void): void {
    const { newer, older, queue, weight } = this.#table;
    let entries = 0;
    let sum = 0;
    let before = NO_SLOT;
    for (let slot = this.#oldest; slot !== NO_SLOT; slot = newer[slot]!) {
      auditThat(entries < this.#entries, "a queue has more slots than it counts, or a ring");
      auditEqual(queue[slot], this.#tag, `the queue of slot ${slot}`);
      auditEqual(older[slot], before, `the slot before slot ${slot}`);
      entries += 1;
      sum += weight[slot]!;
      visit(slot, weight[slot]!);
      before = slot;
    }
    auditEqual(this.#newest, before, "the newest slot of a queue");
    auditEqual(this.#entries, entries, "the length of a queue");
    auditEqual(this.#weight, sum, "the weight of a queue");
  }
}
