/**
 * S3-FIFO: three static first-in first-out queues.
 *
 * Yang, Zhang, Qiu, Yue, Vinayak: "FIFO queues are all you need for cache eviction", SOSP 2023,
 * Algorithm 1. (S3 in its name is for *simple, scalable, static*.)
 *
 * @module
 */
import { auditEqual } from "./audit.ts";
import { type Frequencies, LocalFrequencies } from "./frequencies.ts";
import { Ghost } from "./ghost.ts";
import type { Policy, PolicyCapacity } from "./policy.ts";
import { FifoQueue } from "./queue.ts";
import { NO_SLOT, SlotTable } from "./slot_table.ts";

/** The highest frequency that counts. */
export const FREQUENCY_CAP = 3;

/** What the small queue may have of the capacity. */
export const SMALL_SHARE = 0.1;

const SMALL = 1;
const MAIN = 2;

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
 * One difference from the published pseudo-code: `evict` yields one slot a call, so a move to a
 * main queue that is full evicts nothing by itself; the next call finds the small queue below its
 * share and takes from the main queue.
 *
 * @example
 * ```ts
 * import { S3Fifo } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const policy = new S3Fifo({ bytes: 1000, entries: 10 });
 * policy.insert(0, 400, 0x1234, 0x5678);
 * policy.insert(1, 600, 0xabcd, 0xef01);
 * policy.access(0);
 * policy.access(0);
 * assert.equal(policy.evict(0, 0), 1);
 * assert.equal(policy.weight, 400);
 * ```
 */
export class S3Fifo implements Policy {
  readonly #table: SlotTable;
  readonly #frequencies: Frequencies;
  readonly #small: FifoQueue;
  readonly #main: FifoQueue;
  readonly #ghost: Ghost = new Ghost();
  readonly #smallBytes: number;
  readonly #smallEntries: number;
  readonly #ghostEntries: number;

  /**
   * Three empty queues.
   *
   * @param capacity What the queues share out between them.
   * @param table Links and weights; one table may serve many policies.
   * @param frequencies The uses of each slot, capped at {@linkcode FREQUENCY_CAP}.
   */
  constructor(
    capacity: PolicyCapacity,
    table: SlotTable = new SlotTable(Math.ceil(capacity.entries)),
    frequencies: Frequencies = new LocalFrequencies(FREQUENCY_CAP, Math.ceil(capacity.entries)),
  ) {
    this.#table = table;
    this.#frequencies = frequencies;
    this.#small = new FifoQueue(table, SMALL);
    this.#main = new FifoQueue(table, MAIN);
    this.#smallBytes = capacity.bytes * SMALL_SHARE;
    this.#smallEntries = capacity.entries * SMALL_SHARE;
    this.#ghostEntries = Math.ceil(capacity.entries * (1 - SMALL_SHARE));
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
    const table = this.#table;
    table.ensure(slot);
    table.weight[slot] = weight;
    table.high[slot] = high;
    table.low[slot] = low;
    this.#frequencies.write(slot, 0);
    (this.#ghost.take(high, low) ? this.#main : this.#small).push(slot);
  }

  /** Takes an entry out of its queue; the ghost learns nothing of it. */
  remove(slot: number): void {
    (this.#table.queue[slot] === SMALL ? this.#small : this.#main).remove(slot);
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
    const { high, low } = this.#table;
    for (let slot = this.#small.oldest; slot !== NO_SLOT; slot = this.#small.oldest) {
      this.#small.remove(slot);
      if (this.#frequencies.read(slot) > 1) {
        this.#frequencies.write(slot, 0);
        this.#main.push(slot);
        continue;
      }
      const held = Math.ceil((this.entries + 1) * (1 - SMALL_SHARE));
      this.#ghost.push(high[slot]!, low[slot]!, Math.min(held, this.#ghostEntries));
      return slot;
    }
    return NO_SLOT;
  }

  #evictMain(): number {
    for (let slot = this.#main.oldest; slot !== NO_SLOT; slot = this.#main.oldest) {
      this.#main.remove(slot);
      const uses = this.#frequencies.read(slot);
      if (uses === 0) return slot;
      this.#frequencies.write(slot, uses - 1);
      this.#main.push(slot);
    }
    return NO_SLOT;
  }
}
