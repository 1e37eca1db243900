/**
 * One policy made of several that share a capacity.
 *
 * @module
 */
import { auditEqual } from "./audit.ts";
import type { Policy, PolicyCapacity } from "./policy.ts";
import { grown, grownLength, NO_SLOT } from "./slot_table.ts";

const FIRST_LENGTH = 64;

/**
 * Spreads keys by their first hash over independent policies.
 *
 * The capacity is one for all, so a shard may hold more or less than its fair part of it. Who
 * makes room? The shard that the newcomer belongs to, if it holds its fair part (the capacity
 * divided by the number of shards, in bytes or in entries) or more; else the fullest shard. So a
 * shard that has less than its part grows at the cost of those that have more and none starves,
 * and in a full cache each churns within itself.
 */
export class Shards implements Policy {
  readonly #capacity: PolicyCapacity;
  readonly #policies: readonly Policy[];
  readonly #bound: number;
  #shardOf: Uint16Array<ArrayBuffer>;

  /**
   * Joins policies that are empty.
   *
   * @param capacity What all shards hold together at most; its entries are an integer, and slots
   * are below it.
   * @param policies The shards, 1 to 65,536 of them.
   */
  constructor(capacity: PolicyCapacity, policies: readonly Policy[]) {
    this.#capacity = capacity;
    this.#policies = policies;
    this.#bound = capacity.entries;
    this.#shardOf = new Uint16Array(Math.min(FIRST_LENGTH, this.#bound));
  }

  /** Slots held by all shards. */
  get entries(): number {
    return this.#policies.reduce((sum, policy) => sum + policy.entries, 0);
  }

  /** Sum of the weights of all shards. */
  get weight(): number {
    return this.#policies.reduce((sum, policy) => sum + policy.weight, 0);
  }

  /** The entry in `slot` was used: its shard hears of it. */
  access(slot: number): void {
    this.#policies[this.#shardOf[slot]!]!.access(slot);
  }

  /** Takes an entry into the shard of its key. */
  insert(slot: number, weight: number, high: number, low: number): void {
    if (slot >= this.#shardOf.length) {
      const length = grownLength(this.#shardOf.length, slot, this.#bound);
      this.#shardOf = grown(this.#shardOf, new Uint16Array(length));
    }
    const shard = high % this.#policies.length;
    this.#shardOf[slot] = shard;
    this.#policies[shard]!.insert(slot, weight, high, low);
  }

  /** Takes an entry out of its shard. */
  remove(slot: number): void {
    this.#policies[this.#shardOf[slot]!]!.remove(slot);
  }

  /** Makes room for a key, in its own shard if that has its fair part, else in the fullest. */
  evict(high: number, low: number): number {
    const own = this.#policies[high % this.#policies.length]!;
    if (this.#fullness(own) * this.#policies.length >= 1) return own.evict(high, low);
    let fullest = own;
    for (const policy of this.#policies) {
      if (this.#fullness(policy) > this.#fullness(fullest)) fullest = policy;
    }
    return fullest.entries === 0 ? NO_SLOT : fullest.evict(high, low);
  }

  /** Audits every shard, and that each slot is where it is thought to be. */
  audit(visit: (slot: number, weight: number) => void): void {
    this.#policies.forEach((policy, shard) =>
      policy.audit((slot, weight) => {
        auditEqual(this.#shardOf[slot], shard, `the shard of slot ${slot}`);
        visit(slot, weight);
      })
    );
  }

  /** The part of the capacity that a shard holds, by the bound that it takes more of. */
  #fullness(policy: Policy): number {
    return Math.max(
      policy.weight / this.#capacity.bytes,
      policy.entries / this.#capacity.entries,
    );
  }
}
