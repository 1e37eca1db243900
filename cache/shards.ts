/**
 * One policy made of several that share a capacity.
 *
 * @module
 */
import { auditEqual } from "./audit.ts";
import type { Policy, PolicyCapacity } from "./policy.ts";
import { NO_SLOT } from "./slot_table.ts";

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
  readonly #shardOf: Uint16Array;

  /**
   * Joins policies.
   *
   * @param capacity What all shards hold together at most.
   * @param policies The shards, 1 to 65,536 of them.
   * @param shardOf The shard that each slot was last inserted in.
   */
  constructor(capacity: PolicyCapacity, policies: readonly Policy[], shardOf: Uint16Array) {
    this.#capacity = capacity;
    this.#policies = policies;
    this.#shardOf = shardOf;
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
    const shard = high % this.#policies.length;
    this.#policies[shard]!.insert(slot, weight, high, low);
    this.#shardOf[slot] = shard;
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
