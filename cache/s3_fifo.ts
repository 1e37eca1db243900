/**
 * S3-FIFO: three static first-in first-out queues.
 *
 * Yang, Zhang, Qiu, Yue, Vinayak: "FIFO queues are all you need for cache eviction", SOSP 2023,
 * Algorithm 1. (S3 in its name is for *simple, scalable, static*.)
 *
 * @module
 */
import { auditEqual } from "./audit.ts";
import { Frequencies } from "./frequencies.ts";
import { Ghost } from "./ghost.ts";
import type { Policy } from "./policy.ts";
import { ghostLength, type PolicyViews, SMALL_SHARE } from "./policy_memory.ts";
import { FifoQueue } from "./queue.ts";
import * as slotTable from "./slot_table.ts";

const { HIGH, LOW, NO_SLOT, QUEUE, ROW_DOUBLES, ROW_WORDS, WEIGHT } = slotTable;

/** The highest frequency that counts. */
export const FREQUENCY_CAP = 3;

/** How many entries of a queue one eviction looks at. */
export const MOST_TURNS = 2 ** 15;

/** The shard that holds a slot, by the queue that is named in its row: two queues a shard. */
export function shardOf(queue: number): number {
  return (queue - 1) >> 1;
}

/**
 * The S3-FIFO policy, weighted by bytes and bounded by entries at once.
 *
 * - A newcomer goes to the small queue, or to the main queue if the ghost remembers it.
 * - A use raises the entry's frequency, up to 3, and moves nothing.
 * - The victim comes from the small queue while that has *at least* a tenth of the capacity, in
 *   bytes or in entries, or the main queue is empty; else from the main queue. An entry larger
 *   than that tenth is welcome: it makes the small queue the next to give.
 * - The small queue lets go of its oldest entry and the ghost remembers it, unless it was used
 *   more than once: then it moves to the main queue, its frequency cleared, and the next oldest
 *   is looked at. If all have moved, the main queue gives.
 * - The main queue queues its oldest entry anew with its frequency less one, until one has none.
 * - The ghost is as long as the main queue of a full cache: nine tenths of the entries held at the
 *   moment of the eviction, rounded up, at most nine tenths of the capacity's.
 *
 * Two differences from the published pseudo-code. `evict` yields one slot a call, so a move to a
 * main queue that is full evicts nothing by itself; the next call finds the small queue below its
 * share and takes from the main queue. And a call takes bounded time: it looks at 32,768 entries
 * of a queue at most. Where so many in a row were used, the main queue gives the next whatever
 * its frequency.
 *
 * Nothing of the policy is in the object: all that attach to the same memory are one policy, as
 * long as they are used in turns. Only `access` may come at any time, from anywhere.
 */
export class S3Fifo implements Policy {
  readonly #rows: Int32Array;
  readonly #doubles: Float64Array;
  readonly #frequencies: Frequencies;
  readonly #small: FifoQueue;
  readonly #main: FifoQueue;
  readonly #ghost: Ghost;
  readonly #smallBytes: number;
  readonly #smallEntries: number;
  readonly #ghostEntries: number;

  /**
   * Attaches to one shard of a memory; its capacity is its fair part, which may be a fraction.
   *
   * @param views The memory. Its shards share the table of slots.
   * @param shard Which of them.
   */
  constructor(views: PolicyViews, shard: number) {
    const { maxBytes, maxEntries, shards } = views.limits;
    this.#rows = views.table.words;
    this.#doubles = views.table.doubles;
    this.#frequencies = new Frequencies(views.uses, FREQUENCY_CAP);
    this.#small = new FifoQueue(views.table, views.queues, 2 * shard);
    this.#main = new FifoQueue(views.table, views.queues, 2 * shard + 1);
    this.#ghost = new Ghost(views.ghosts, shard);
    this.#smallBytes = maxBytes / shards * SMALL_SHARE;
    this.#smallEntries = maxEntries / shards * SMALL_SHARE;
    this.#ghostEntries = ghostLength(views.limits);
  }

  /** Slots held. */
  get entries(): number {
    return this.#small.entries + this.#main.entries;
  }

  /** Sum of the weights of the slots held. */
  get weight(): number {
    return this.#small.weight + this.#main.weight;
  }

  /** Counts a use; no queue is touched. */
  access(slot: number): void {
    this.#frequencies.raise(slot);
  }

  /** Queues an entry, in main if the ghost remembers its key, else in small. */
  insert(slot: number, weight: number, high: number, low: number): void {
    const rows = this.#rows;
    const row = slot * ROW_WORDS;
    if (!(row >= 0 && row < rows.length)) {
      throw new RangeError(`Slots must be below ${rows.length / ROW_WORDS}, one is ${slot}`);
    }
    this.#doubles[slot * ROW_DOUBLES + WEIGHT] = weight;
    rows[row + HIGH] = high;
    rows[row + LOW] = low;
    this.#frequencies.write(slot, 0);
    (this.#ghost.take(high | 0, low | 0) ? this.#main : this.#small).push(slot);
  }

  /** Takes an entry out of its queue; the ghost learns nothing of it. */
  remove(slot: number): void {
    const queue = this.#rows[slot * ROW_WORDS + QUEUE]!;
    ((queue & 1) === 1 ? this.#small : this.#main).remove(slot);
    this.#frequencies.write(slot, 0);
  }

  /** Lets go of one entry; which key wants in makes no difference. */
  evict(_high: number, _low: number): number {
    const small = this.#small;
    if (
      small.weight >= this.#smallBytes || small.entries >= this.#smallEntries ||
      this.#main.entries === 0
    ) {
      const victim = this.#evictSmall();
      if (victim !== NO_SLOT) return victim;
    }
    return this.#evictMain();
  }

  /** Recomputes both queues, the ghost, and that every frequency is within its cap. */
  audit(visit: (slot: number, weight: number) => void): void {
    const inspect = (slot: number, weight: number): void => {
      const uses = this.#frequencies.read(slot);
      auditEqual(uses, Math.min(Math.max(uses, 0), FREQUENCY_CAP), `the frequency of slot ${slot}`);
      visit(slot, weight);
    };
    this.#small.audit(inspect);
    this.#main.audit(inspect);
    this.#ghost.audit();
    const remembered = this.#ghost.entries;
    auditEqual(remembered, Math.min(remembered, this.#ghostEntries), "the length of the ghost");
  }

  #evictSmall(): number {
    let slot = this.#small.oldest;
    for (let turns = MOST_TURNS; slot !== NO_SLOT && turns > 0; turns--) {
      this.#small.remove(slot);
      if (this.#frequencies.read(slot) <= 1) {
        this.#remember(slot);
        return slot;
      }
      this.#frequencies.write(slot, 0);
      this.#main.push(slot);
      slot = this.#small.oldest;
    }
    return NO_SLOT;
  }

  /** Lets the ghost remember the key of a slot that was just taken out of its queue. */
  #remember(slot: number): void {
    const row = slot * ROW_WORDS;
    const held = Math.ceil((this.entries + 1) * (1 - SMALL_SHARE));
    const limit = Math.min(held, this.#ghostEntries);
    this.#ghost.push(this.#rows[row + HIGH]!, this.#rows[row + LOW]!, limit);
  }

  /** Ends even if others go on raising frequencies, for the turns are counted. */
  #evictMain(): number {
    let turns = Math.min(FREQUENCY_CAP * this.#main.entries, MOST_TURNS);
    for (let slot = this.#main.oldest; slot !== NO_SLOT; slot = this.#main.oldest) {
      this.#main.remove(slot);
      const uses = this.#frequencies.read(slot);
      if (uses === 0 || turns === 0) return slot;
      turns -= 1;
      this.#frequencies.write(slot, uses - 1);
      this.#main.push(slot);
    }
    return NO_SLOT;
  }
}
