/**
 * One policy made of several that share a capacity.
 *
 * @module
 */
import { auditThat } from "./audit.ts";
import { Frequencies } from "./frequencies.ts";
import type { Policy, PolicyCapacity } from "./policy.ts";
import type { PolicyViews } from "./policy_memory.ts";
import { FREQUENCY_CAP, S3Fifo, shardOf } from "./s3_fifo.ts";
import * as slotTable from "./slot_table.ts";

const { HIGH, NO_SLOT, QUEUE, ROW_WORDS } = slotTable;

/**
 * Spreads keys by their first hash over independent S3-FIFO policies.
 *
 * The capacity is one for all, so a shard may hold more or less than its fair part of it. Who
 * makes room? The shard that the newcomer belongs to, if it holds its fair part (the capacity
 * divided by the number of shards, in bytes or in entries) or more; else the fullest shard. So a
 * shard that has less than its part grows at the cost of those that have more and none starves,
 * and in a full cache each churns within itself.
 */
export class Shards implements Policy {
  readonly #capacity: PolicyCapacity;
  readonly #part: PolicyCapacity;
  readonly #policies: readonly S3Fifo[];
  readonly #frequencies: Frequencies;
  readonly #rows: Int32Array;

  /** Attaches to all shards of a memory. */
  constructor(views: PolicyViews) {
    const { maxBytes, maxEntries, shards } = views.limits;
    this.#capacity = { bytes: maxBytes, entries: maxEntries };
    this.#part = { bytes: maxBytes / shards, entries: maxEntries / shards };
    this.#policies = Array.from({ length: shards }, (_, shard) => new S3Fifo(views, shard));
    this.#frequencies = new Frequencies(views.uses, FREQUENCY_CAP);
    this.#rows = views.table.words;
  }

  /** Slots held by all shards. */
  get entries(): number {
    return this.#policies.reduce((sum, policy) => sum + policy.entries, 0);
  }

  /** Sum of the weights of all shards. */
  get weight(): number {
    return this.#policies.reduce((sum, policy) => sum + policy.weight, 0);
  }

  /** Counts a use, whichever shard has the slot. */
  access(slot: number): void {
    this.#frequencies.raise(slot);
  }

  /** Takes an entry into the shard of its key. */
  insert(slot: number, weight: number, high: number, low: number): void {
    this.#home(high).insert(slot, weight, high, low);
  }

  /** Takes an entry out of its shard. */
  remove(slot: number): void {
    this.#policies[shardOf(this.#rows[slot * ROW_WORDS + QUEUE]!)]!.remove(slot);
  }

  /** Makes room for a key, in its own shard if that has its fair part, else in the fullest. */
  evict(high: number, low: number): number {
    const own = this.#home(high);
    if (own.weight >= this.#part.bytes || own.entries >= this.#part.entries) {
      return own.evict(high, low);
    }
    let fullest = own;
    let most = this.#fullness(own);
    for (const policy of this.#policies) {
      const fullness = this.#fullness(policy);
      if (fullness > most) [fullest, most] = [policy, fullness];
    }
    return fullest.entries === 0 ? NO_SLOT : fullest.evict(high, low);
  }

  /** Audits every shard, and that each slot is in the shard of its key. */
  audit(visit: (slot: number, weight: number) => void): void {
    for (const policy of this.#policies) {
      policy.audit((slot, weight) => {
        const home = this.#home(this.#rows[slot * ROW_WORDS + HIGH]!);
        auditThat(home === policy, `slot ${slot} is in another shard than its key's`);
        visit(slot, weight);
      });
    }
  }

  /** The shard of a key. Each `>>>` tells V8 of an unsigned integer; else it divides doubles. */
  #home(high: number): S3Fifo {
    const shard = ((high >>> 0) % (this.#policies.length >>> 0)) >>> 0;
    return this.#policies[shard]!;
  }

  /** Grows with the part of the capacity that a shard holds, by the bound that it takes more of. */
  #fullness(policy: S3Fifo): number {
    const { bytes, entries } = this.#capacity;
    return Math.max(policy.weight * entries, policy.entries * bytes);
  }
}
