/**
 * A cache of weights alone, under any policy.
 *
 * @module
 */
import type { Policy } from "@s3-edge-cache/cache";
import type { Clairvoyant } from "../policies/clairvoyant.ts";
import type { SimRequest } from "../workload/sim_request.ts";
import { ABSENT, KeyTable } from "./key_table.ts";
import type { Reading, Store, StoreStats } from "./store.ts";

/** The bounds of a cache of weights. */
export interface WeighedLimits {
  /** Bytes held at most. */
  readonly maxBytes: number;
  /** Entries held at most. */
  readonly maxEntries: number;
  /** Bytes of one body at most. */
  readonly maxObjectBytes: number;
  /** Age in milliseconds from which an entry is no longer found. */
  readonly ttlMs: number;
  /** What an entry is charged with beside its body. */
  readonly overheadBytes: number;
}

/**
 * A cache that knows of its entries what a policy knows: slot, weight, hashes of the key. It holds
 * to the rules of the proxy's cache on fills, writes, expiry and bounds, so that all policies are
 * compared under them, in a few arrays and without a lock.
 *
 * In the table of keys, a slot is its number plus one, a fill that number plus as many as there
 * are slots.
 */
export class WeighedStore implements Store {
  readonly #policy: Policy & Partial<Clairvoyant>;
  readonly #limits: WeighedLimits;
  readonly #table: KeyTable = new KeyTable();
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #weights: Float64Array;
  readonly #expiry: Float64Array;
  readonly #free: number[] = [];
  readonly #lost: Set<number> = new Set();
  readonly #renewals: Map<number, number> = new Map();
  readonly #renewers: Map<number, number> = new Map();
  readonly #written: Map<string, number> = new Map();
  readonly #nextUses: (number | undefined)[] = [];
  #used = 0;
  #entries = 0;
  #bytes = 0;
  #evictions = 0;

  /**
   * An empty cache.
   *
   * @param policy Who leaves; it has a slot for each of `maxEntries`.
   * @param limits The bounds.
   */
  constructor(policy: Policy & Partial<Clairvoyant>, limits: WeighedLimits) {
    const { maxEntries } = limits;
    this.#policy = policy;
    this.#limits = limits;

    this.#high = new Int32Array(maxEntries);
    this.#low = new Int32Array(maxEntries);
    this.#weights = new Float64Array(maxEntries);
    this.#expiry = new Float64Array(maxEntries);
  }

  /** Finds the entry, or begins a fill. */
  read(request: SimRequest, client: number, now: number): Reading {
    const { high, low, nextUse } = request;
    const { maxEntries } = this.#limits;
    const found = this.#table.get(high, low);
    if (found > maxEntries) {
      this.#nextUses[found - maxEntries - 1] = nextUse;
      return "follow";
    }
    if (found !== ABSENT) return this.#use(found - 1, request, client, now);
    if (this.#written.size > 0 && this.#written.has(request.key)) return "bypass";
    this.#table.set(high, low, maxEntries + client + 1);
    this.#nextUses[client] = nextUse;
    return "lead";
  }

  /** Finds the entry. */
  head({ high, low, nextUse }: SimRequest, now: number): boolean {
    const found = this.#table.get(high, low);
    if (found === ABSENT || found > this.#limits.maxEntries) return false;
    if (now >= this.#expiry[found - 1]!) return false;
    this.#access(found - 1, nextUse);
    return true;
  }

  /** Renews the entry, or admits it if it fits and no write has come in between. */
  fill({ high, low, size }: SimRequest, client: number, now: number): void {
    const renewed = this.#renewals.get(client);
    if (renewed !== undefined) {
      this.#expiry[renewed] = now + this.#limits.ttlMs;
      this.#endRenewal(renewed);
      return;
    }
    if (this.#lost.delete(client)) return;
    this.#table.delete(high, low);
    const { maxBytes, maxEntries, maxObjectBytes, overheadBytes, ttlMs } = this.#limits;
    const weight = size + overheadBytes;
    if (size > maxObjectBytes || weight > maxBytes) return;
    while (this.#bytes + weight > maxBytes || this.#entries >= maxEntries) {
      this.#letGo(this.#policy.evict(high, low));
      this.#evictions += 1;
    }
    const slot = this.#free.pop() ?? this.#used++;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#weights[slot] = weight;
    this.#expiry[slot] = now + ttlMs;
    this.#entries += 1;
    this.#bytes += weight;
    this.#table.set(high, low, slot + 1);
    this.#policy.insert(slot, weight, high, low);
    this.#policy.foresee?.(slot, this.#nextUses[client] ?? Infinity);
  }

  /** Drops the entry, and bars its fills. */
  beginWrite({ key, high, low }: SimRequest): void {
    this.#written.set(key, (this.#written.get(key) ?? 0) + 1);
    const found = this.#table.get(high, low);
    if (found > this.#limits.maxEntries) {
      this.#lost.add(found - this.#limits.maxEntries - 1);
      this.#table.delete(high, low);
    } else if (found !== ABSENT) this.#remove(found - 1);
  }

  /** Lets the object be filled again, if no other write of it is under way. */
  endWrite({ key }: SimRequest): void {
    const others = this.#written.get(key)! - 1;
    if (others === 0) this.#written.delete(key);
    else this.#written.set(key, others);
  }

  /** A moment's figures. */
  stats(): StoreStats {
    return { entries: this.#entries, bytes: this.#bytes, evictions: this.#evictions };
  }

  /** Audits the policy, and all slots against it. */
  audit(): void {
    let [entries, bytes] = [0, 0];
    this.#policy.audit((slot, weight) => {
      entries += 1;
      bytes += weight;
      const indexed = this.#table.get(this.#high[slot]!, this.#low[slot]!) === slot + 1;
      if (!indexed || this.#weights[slot] !== weight) {
        throw new Error(`Slot ${slot} is not indexed`);
      }
    });
    if (entries !== this.#entries || entries !== this.#policy.entries) {
      throw new Error(`The policy has ${entries} entries, the store ${this.#entries}`);
    }
    if (bytes !== this.#bytes || bytes > this.#limits.maxBytes) {
      throw new Error(`The policy weighs ${bytes} bytes, the store ${this.#bytes}`);
    }
  }

  /**
   * Uses an entry: one that is too old is good for as long as its object has its size, and another
   * that asks meanwhile follows.
   */
  #use(
    slot: number,
    { size, high, low, nextUse }: SimRequest,
    client: number,
    now: number,
  ): Reading {
    this.#access(slot, nextUse);
    if (now < this.#expiry[slot]!) return "hit";
    if (this.#weights[slot]! - this.#limits.overheadBytes !== size) {
      this.#remove(slot);
      this.#table.set(high, low, this.#limits.maxEntries + client + 1);
      this.#nextUses[client] = nextUse;
      return "lead";
    }
    if (this.#renewers.has(slot)) return "follow";
    this.#renewals.set(client, slot);
    this.#renewers.set(slot, client);
    return "stale";
  }

  #access(slot: number, nextUse: number | undefined): void {
    this.#policy.access(slot);
    this.#policy.foresee?.(slot, nextUse ?? Infinity);
  }

  #endRenewal(slot: number): void {
    const client = this.#renewers.get(slot);
    if (client === undefined) return;
    this.#renewers.delete(slot);
    this.#renewals.delete(client);
  }

  #remove(slot: number): void {
    this.#policy.remove(slot);
    this.#letGo(slot);
  }

  #letGo(slot: number): void {
    if (this.#renewers.size > 0) this.#endRenewal(slot);
    this.#table.delete(this.#high[slot]!, this.#low[slot]!);
    this.#entries -= 1;
    this.#bytes -= this.#weights[slot]!;
    this.#free.push(slot);
  }
}
