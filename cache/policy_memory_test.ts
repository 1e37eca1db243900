import assert from "node:assert/strict";
import { createPolicyMemory, policyBytes, policyViews } from "./policy_memory.ts";
import { shardedS3Fifo } from "./sharded_s3_fifo.ts";

const limits = { maxBytes: 1_000, maxEntries: 10, shards: 2, slots: 12 };

Deno.test("createPolicyMemory makes one buffer of the size that policyBytes tells", () => {
  for (const Buffer of [ArrayBuffer, SharedArrayBuffer]) {
    const { buffer } = createPolicyMemory(limits, Buffer);
    assert(buffer instanceof Buffer);
    assert.equal(buffer.byteLength, policyBytes(limits));
  }
});

Deno.test("createPolicyMemory refuses limits out of bounds", () => {
  for (
    const [wrong, message] of [
      [{ maxBytes: 0 }, /maxBytes .* is 0$/],
      [{ maxBytes: NaN }, /maxBytes/],
      [{ maxEntries: 0 }, /maxEntries/],
      [{ maxEntries: 1.5 }, /maxEntries .* is 1\.5$/],
      [{ shards: 0 }, /shards/],
      [{ shards: 65_537 }, /shards must be an integer from 1 to 65536, is 65537$/],
      [{ slots: 9 }, /slots must be an integer from 10 to 67108864, is 9$/],
      [{ slots: 2 ** 26 + 1 }, /slots/],
    ] as const
  ) {
    assert.throws(() => createPolicyMemory({ ...limits, ...wrong }, ArrayBuffer), {
      name: "RangeError",
      message,
    });
  }
});

Deno.test("createPolicyMemory keeps of its limits what can be cloned", () => {
  const memory = createPolicyMemory({ ...limits, ...{ decode: () => 0 } }, ArrayBuffer);
  assert.deepEqual(memory.limits, limits);
  assert.deepEqual(structuredClone(memory), memory);
});

Deno.test("policyViews lays no two arrays over the same bytes", () => {
  const { table, uses, queues, ghosts } = policyViews(createPolicyMemory(limits, ArrayBuffer));
  const { words, high, low, live, cells } = ghosts;
  const arrays = [table.words, uses, queues.words, queues.weights, words, high, low, live, cells];
  const places = arrays.toSorted((one, other) => one.byteOffset - other.byteOffset);
  let end = 0;
  for (const { byteOffset, byteLength } of places) {
    assert(byteOffset >= end, `${byteOffset} is before ${end}`);
    end = byteOffset + byteLength;
  }
  assert(end <= policyBytes(limits));
  assert.equal(table.doubles.byteOffset, table.words.byteOffset);
  assert.equal(table.doubles.byteLength, table.words.byteLength);
});

Deno.test("An entry of a policy takes 49 to 56 bytes, and memory for the most entries can be had", () => {
  for (let entries = 10_000; entries < 2 ** 24; entries = Math.ceil(entries * 1.3)) {
    const each = policyBytes({ maxBytes: 1, maxEntries: entries, shards: 16, slots: entries });
    assert(each / entries >= 48.2 && each / entries < 56, `${each / entries} bytes`);
  }
  const most = { maxBytes: 2 ** 40, maxEntries: 2 ** 24, shards: 16, slots: 2 ** 24 };
  const policy = shardedS3Fifo(createPolicyMemory(most, SharedArrayBuffer));
  policy.insert(2 ** 24 - 1, 2 ** 40, 2 ** 32 - 1, 2 ** 32 - 1);
  assert.equal(policy.weight, 2 ** 40);
  assert.equal(policy.evict(0, 0), 2 ** 24 - 1);
});
