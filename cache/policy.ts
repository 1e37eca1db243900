/**
 * The seam between a store and its eviction policy.
 *
 * The store owns the entries; the policy knows of each only a *slot*, its weight and the hash of
 * its key, and says which slot leaves next. Slots are small dense integers that the store gives
 * out and uses again, so a policy keeps its state in arrays of fixed length indexed by slot.
 *
 * @module
 */

/** What a policy has to share out. */
export interface PolicyCapacity {
  /** Weight in bytes; above 0, a share of a store's bound may be a fraction. */
  readonly bytes: number;
  /** Number of slots; above 0, a share of a store's bound may be a fraction. */
  readonly entries: number;
}

/**
 * Decides which entry leaves.
 *
 * A policy doesn't enforce its capacity: the store asks it to evict, *before* it inserts, for as
 * long as the newcomer does not fit. Keys are named by two 32-bit hashes independent of each
 * other; two keys with the same pair are taken for one, which can misplace an entry in a queue
 * and nothing else.
 *
 * Where several isolates share a policy, they take turns: all but `access` belong inside the
 * store's critical section.
 */
export interface Policy {
  /** Slots held. */
  readonly entries: number;
  /** Sum of the weights of the slots held. */
  readonly weight: number;
  /**
   * The entry in `slot` was used.
   *
   * The store guarantees that the slot was inserted before. The policy guarantees constant time,
   * and that the call may come from any isolate at any time, during another call too: of uses
   * that are counted at once some may be lost, and one that is counted after the slot was let go
   * of has no effect.
   */
  access(slot: number): void;
  /**
   * Takes in an entry.
   *
   * The store guarantees that the policy does not hold `slot`, and that `weight` is a safe
   * integer that stays the same until the slot leaves. The policy guarantees to name the slot by
   * `evict` some time, if it is not removed before.
   *
   * @param slot Where the store keeps the entry.
   * @param weight Bytes that the entry is charged with.
   * @param high First hash of the key, 32 bits, signed or unsigned.
   * @param low Second hash of the key, 32 bits, signed or unsigned.
   */
  insert(slot: number, weight: number, high: number, low: number): void;
  /**
   * Lets go of an entry that leaves for another reason than want of room.
   *
   * The store guarantees that the policy holds the slot. The policy guarantees constant time, and
   * that it never names the slot again until the next `insert`.
   */
  remove(slot: number): void;
  /**
   * Chooses the entry that makes room for another, and lets go of it.
   *
   * The policy guarantees that it held the slot it names and holds it no longer; the store, that
   * the entry is gone for every later lookup.
   *
   * @param high First hash of the key that wants in.
   * @param low Second hash of the key that wants in.
   * @returns The slot, or -1 when no slot is held.
   */
  evict(high: number, low: number): number;
  /**
   * Recomputes every sum and link.
   *
   * @param visit Called once for every slot held, with its weight.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (slot: number, weight: number) => void): void;
}
