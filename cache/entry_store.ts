/**
 * The entries of a local cache and the memory they are in.
 *
 * Invariants:
 * - `bytes` is the sum of three: the charges of the entries that can be found, the charges of the
 *   entries in *limbo* (dropped or evicted, and still leased), and what is reserved for fills. It
 *   never exceeds `maxBytes`: memory is reserved before it is taken, and given back after.
 * - `pinned` is the sum of the charges of all leased entries, in limbo or not. What is neither
 *   pinned nor reserved can be had by evicting, so a reservation that cannot succeed is refused
 *   before anything is evicted for it.
 * - An entry has a slot if and only if it can be found, and the policy holds just those slots.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import { chargeBeside, type Entry } from "./entry.ts";
import type { KeyHash } from "./key_hash.ts";
import { ObjectIndex } from "./object_index.ts";
import type { CacheLimits } from "./options.ts";
import type { Policy } from "./policy.ts";
import { NO_SLOT } from "./slot_table.ts";

/** Holds entries within their bounds. */
export class EntryStore<R> {
  readonly #limits: CacheLimits;
  readonly #policy: Policy;
  readonly #index: ObjectIndex<R> = new ObjectIndex();
  readonly #bySlot: (Entry<R> | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #limbo: Set<Entry<R>> = new Set();
  #bytes = 0;
  #pinned = 0;
  #reserved = 0;
  #evictions = 0;
  #leases = 0;

  /**
   * @param limits Bounds, validated.
   * @param policy Empty, and this store's alone.
   */
  constructor(limits: CacheLimits, policy: Policy) {
    this.#limits = limits;
    this.#policy = policy;
  }

  /** Entries that can be found. */
  get entries(): number {
    return this.#index.size;
  }

  /** Bytes held: entries that can be found, entries in limbo, reservations. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Entries evicted since the start. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Leases not yet released. */
  get leases(): number {
    return this.#leases;
  }

  /** The entry at an address, or `undefined`. */
  find(object: string, variant: string): Entry<R> | undefined {
    return this.#index.get(object, variant);
  }

  /** All variants of an object. Those that were walked may be dropped on the way. */
  variants(object: string): Iterable<Entry<R>> {
    return this.#index.variants(object);
  }

  /** All entries whose object begins with `prefix`. Those walked may be dropped on the way. */
  withPrefix(prefix: string): Iterable<Entry<R>> {
    return this.#index.withPrefix(prefix);
  }

  /**
   * Sets bytes aside, evicting as needed.
   *
   * @param key What wants in.
   * @returns Whether there is room; if not, nothing was evicted for it.
   */
  reserve(bytes: number, key: KeyHash): boolean {
    if (this.#pinned + this.#reserved + bytes > this.#limits.maxBytes) return false;
    while (this.#bytes + bytes > this.#limits.maxBytes) this.#evict(key);
    this.#reserved += bytes;
    this.#bytes += bytes;
    return true;
  }

  /** Gives up what was reserved. */
  unreserve(bytes: number): void {
    this.#reserved -= bytes;
    this.#bytes -= bytes;
  }

  /**
   * Admits an entry in place of the one at its address, if there is one; its charge must be
   * reserved, and turns from a reservation into held bytes.
   */
  admit(entry: Entry<R>): void {
    const former = this.find(entry.object, entry.variant);
    if (former !== undefined) this.drop(former);
    while (this.#index.size >= this.#limits.maxEntries) this.#evict(entry.key);
    this.#reserved -= entry.bytes;
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    this.#bySlot[slot] = entry;
    entry.slot = slot;
    this.#index.add(entry);
    this.#policy.insert(slot, entry.bytes, entry.key.high, entry.key.low);
  }

  /** Makes an entry that can be found unfindable, for another reason than want of room. */
  drop(entry: Entry<R>): void {
    this.#policy.remove(entry.slot);
    this.#bury(entry);
  }

  /** Counts a use of an entry that can be found, and pins it. */
  pin(entry: Entry<R>): void {
    this.#policy.access(entry.slot);
    if (entry.leases === 0) this.#pinned += entry.bytes;
    entry.leases += 1;
    this.#leases += 1;
  }

  /** Undoes one `pin`; the memory of an entry in limbo is free with the last. */
  unpin(entry: Entry<R>): void {
    this.#leases -= 1;
    entry.leases -= 1;
    if (entry.leases > 0) return;
    this.#pinned -= entry.bytes;
    if (this.#limbo.delete(entry)) this.#bytes -= entry.bytes;
  }

  /**
   * Recomputes every sum, and holds slots, policy, index and limbo against each other.
   *
   * @param reserved What the running fills have reserved.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(reserved: number): void {
    this.#auditSlots();
    let held = 0;
    let pinned = 0;
    let leases = 0;
    const add = (entry: Entry<R>): void => {
      held += entry.bytes;
      leases += entry.leases;
      if (entry.leases > 0) pinned += entry.bytes;
    };
    for (const entry of this.#bySlot) if (entry !== undefined) add(entry);
    for (const entry of this.#limbo) {
      auditThat(entry.slot === NO_SLOT && entry.leases > 0, "an entry in limbo is not leased");
      add(entry);
    }
    auditEqual(this.#leases, leases, "the number of leases");
    auditEqual(this.#pinned, pinned, "the pinned bytes");
    auditEqual(this.#reserved, reserved, "the reserved bytes");
    auditEqual(this.#bytes, held + reserved, "the bytes held");
    auditThat(this.#bytes <= this.#limits.maxBytes, "more bytes are held than permitted");
    auditThat(this.entries <= this.#limits.maxEntries, "more entries are held than permitted");
  }

  #auditSlots(): void {
    const slots = new Map<number, number>();
    this.#policy.audit((slot, weight) => {
      auditThat(!slots.has(slot), `slot ${slot} is held twice by the policy`);
      slots.set(slot, weight);
    });
    auditEqual(this.#policy.entries, slots.size, "the number of slots of the policy");
    auditEqual(this.#index.size, slots.size, "the number of entries");
    let weight = 0;
    this.#bySlot.forEach((entry, slot) => {
      if (entry === undefined) return;
      auditEqual(entry.slot, slot, "the slot of an entry");
      auditEqual(slots.get(slot), entry.bytes, `the weight of slot ${slot}`);
      auditThat(this.find(entry.object, entry.variant) === entry, "an entry is not indexed");
      const beside = chargeBeside(entry.object, entry.variant, 0);
      auditThat(entry.bytes >= beside + entry.body.measure(), "an entry is charged too little");
      weight += entry.bytes;
    });
    auditEqual(this.#policy.weight, weight, "the weight of the policy");
    auditEqual(this.#bySlot.length, slots.size + this.#freeSlots.length, "the number of slots");
    this.#index.audit();
  }

  #evict(key: KeyHash): void {
    const victim = this.#bySlot[this.#policy.evict(key.high, key.low)];
    if (victim === undefined) throw new Error("The policy has nothing to evict");
    this.#evictions += 1;
    this.#bury(victim);
  }

  /** Unlinks an entry that the policy has let go of. */
  #bury(entry: Entry<R>): void {
    this.#index.delete(entry);
    this.#bySlot[entry.slot] = undefined;
    this.#freeSlots.push(entry.slot);
    entry.slot = NO_SLOT;
    if (entry.leases > 0) this.#limbo.add(entry);
    else this.#bytes -= entry.bytes;
  }
}
