import type { Policy } from "./policy.ts";
import { createPolicyMemory } from "./policy_memory.ts";
import { shardedS3Fifo } from "./sharded_s3_fifo.ts";
import { seededRandom, zipfRanks } from "./testing/random.ts";

/** Bytes that every entry is charged with. */
const WEIGHT = 1_024;

/** Spreads small integers over 32 bits. */
function hash(key: number, factor: number): number {
  return Math.imul(key + 1, factor) >>> 0;
}

/** A full policy and the keys that it holds, by slot. */
class Keys {
  readonly policy: Policy;
  readonly #keyOf: Int32Array;
  readonly #slotOf: Map<number, number> = new Map();

  constructor(policy: Policy, entries: number) {
    this.policy = policy;
    this.#keyOf = new Int32Array(entries);
    for (let slot = 0; slot < entries; slot++) this.#put(slot, -1 - slot);
  }

  /** Uses the key's slot, or evicts another for it. */
  read(key: number): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) this.replace(key);
    else this.policy.access(slot);
  }

  /** Evicts a slot for a key that is not held. */
  replace(key: number): void {
    const slot = this.policy.evict(hash(key, 0x9e3779b1), hash(key, 0x85ebca6b));
    this.#slotOf.delete(this.#keyOf[slot]!);
    this.#put(slot, key);
  }

  #put(slot: number, key: number): void {
    this.#keyOf[slot] = key;
    this.#slotOf.set(key, slot);
    this.policy.insert(slot, WEIGHT, hash(key, 0x9e3779b1), hash(key, 0x85ebca6b));
  }
}

for (const [name, Buffer] of [["own", ArrayBuffer], ["shared", SharedArrayBuffer]] as const) {
  for (const entries of [10_000, 1_000_000]) {
    const limits = { maxBytes: entries * WEIGHT, maxEntries: entries, shards: 16, slots: entries };
    const policyOf = (): Policy => shardedS3Fifo(createPolicyMemory(limits, Buffer));
    const group = `${entries} entries`;

    const ranks = zipfRanks(10 * entries, 1, seededRandom(1));
    const reads = Int32Array.from({ length: 2 ** 20 }, ranks);
    const zipf = new Keys(policyOf(), entries);
    let read = 0;
    Deno.bench(`Zipf reads, ${name} memory`, { group }, () => {
      zipf.read(reads[read++ & (2 ** 20 - 1)]!);
    });

    const scan = new Keys(policyOf(), entries);
    let key = 0;
    Deno.bench(`replace by new keys, ${name} memory`, { group }, () => scan.replace(key++));

    let hit = 0;
    Deno.bench(`access, ${name} memory`, { group }, () => {
      scan.policy.access(reads[hit++ & (2 ** 20 - 1)]! % entries);
    });
  }
}
