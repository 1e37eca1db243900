import assert from "node:assert/strict";
import fc from "fast-check";
import { createPolicyMemory, policyViews } from "./policy_memory.ts";
import { S3Fifo } from "./s3_fifo.ts";
import { Shards } from "./shards.ts";

const limits = { maxBytes: 400, maxEntries: 40, shards: 4, slots: 40 };

/** Four shards over one table; a key's shard is its first hash modulo four. */
function fourShards(): { shards: Shards; policies: S3Fifo[] } {
  const views = policyViews(createPolicyMemory(limits, ArrayBuffer));
  const policies = [0, 1, 2, 3].map((shard) => new S3Fifo(views, shard));
  return { shards: new Shards(views), policies };
}

Deno.test("Shards let a shard with its fair part make room for its own keys", () => {
  const { shards, policies } = fourShards();
  for (let slot = 0; slot < 40; slot++) shards.insert(slot % 40, 10, slot % 4, slot);
  const victim = shards.evict(2, 99);
  assert.equal(victim % 4, 2);
  assert.deepEqual(policies.map((policy) => policy.entries), [10, 10, 9, 10]);
});

Deno.test("Shards let a shard with its fair part pay, even if another is fuller", () => {
  const { shards, policies } = fourShards();
  for (let slot = 0; slot < 14; slot++) shards.insert(slot, 1, 0, slot);
  for (let slot = 14; slot < 24; slot++) shards.insert(slot, 1, 2, slot);
  shards.evict(2, 99);
  assert.deepEqual(policies.map((policy) => policy.entries), [14, 0, 9, 0]);
  shards.evict(2, 99);
  assert.deepEqual(policies.map((policy) => policy.entries), [13, 0, 9, 0]);
});

Deno.test("Shards let the fullest make room for a shard that has less than its part", () => {
  const { shards, policies } = fourShards();
  for (let slot = 0; slot < 5; slot++) shards.insert(slot, 30, 0, slot);
  for (let slot = 5; slot < 30; slot++) shards.insert(slot, 1, 1, slot);
  assert(shards.evict(2, 99) >= 5, "25 of 40 entries are a larger part than 150 of 400 bytes");
  for (let i = 0; i < 10; i++) shards.evict(2, 99);
  shards.evict(2, 99);
  assert.equal(policies[0]!.entries, 4, "150 of 400 bytes are a larger part than 14 of 40 entries");
});

Deno.test("Shards name no slot when none is held", () => {
  assert.equal(fourShards().shards.evict(1, 1), -1);
});

Deno.test("Shards let none starve", () => {
  const { shards, policies } = fourShards();
  let slot = 0;
  const put = (shard: number): void => {
    const free = shards.entries < 40 ? slot++ : shards.evict(shard, slot);
    shards.insert(free, 1, shard, 1000 * shard + free);
  };
  for (let i = 0; i < 100; i++) put(0);
  for (let i = 0; i < 100; i++) for (const shard of [0, 1, 2, 3]) put(shard);
  assert.deepEqual(policies.map((policy) => policy.entries), [10, 10, 10, 10]);
});

Deno.test("Shards always find a victim, and know where each slot is", () => {
  const step = fc.record({
    high: fc.nat(7),
    weight: fc.integer({ min: 1, max: 250 }),
    pick: fc.nat(1000),
    drop: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (program) => {
      const { shards } = fourShards();
      const held = new Set<number>();
      for (const { high, weight, pick, drop } of program) {
        while (shards.weight + weight > 400 || shards.entries + 1 > 40) {
          assert(held.delete(shards.evict(high, pick)), "the victim was held");
        }
        let slot = 0;
        while (held.has(slot)) slot += 1;
        held.add(slot);
        shards.insert(slot, weight, high, pick);
        const picked = [...held][pick % held.size]!;
        if (drop) {
          held.delete(picked);
          shards.remove(picked);
        } else shards.access(picked);
        const seen: number[] = [];
        shards.audit((slot) => seen.push(slot));
        assert.deepEqual(seen.sort(), [...held].sort());
      }
    }),
  );
});
