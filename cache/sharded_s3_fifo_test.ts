import assert from "node:assert/strict";
import fc from "fast-check";
import type { Policy } from "./policy.ts";
import { createPolicyMemory, type PolicyLimits } from "./policy_memory.ts";
import { shardedS3Fifo } from "./sharded_s3_fifo.ts";
import { type PolicyStep, type StepBounds, takeStep } from "./testing/policy_steps.ts";
import type { PolicyOrder, PolicyReply } from "./testing/policy_worker.ts";
import { seededRandom } from "./testing/random.ts";

const bounds: StepBounds = { bytes: 400, entries: 20 };
const limits: PolicyLimits = { maxBytes: 400, maxEntries: 20, shards: 3, slots: 20 };

const step: fc.Arbitrary<PolicyStep> = fc.record({
  do: fc.constantFrom("replace", "replace", "replace", "access", "access", "remove", "evict"),
  key: fc.nat(40),
  weight: fc.integer({ min: 1, max: 90 }),
  pick: fc.nat(1000),
});

/** Slots and weights as the audit meets them: shard by shard, small before main, oldest first. */
function audited(policy: Policy): string[] {
  const slots: string[] = [];
  policy.audit((slot, weight) => slots.push(`${slot}: ${weight}`));
  return slots;
}

function workerOf(): Worker {
  return new Worker(new URL("./testing/policy_worker.ts", import.meta.url), { type: "module" });
}

/** What the worker answers to an order. */
function ask(worker: Worker, order: PolicyOrder): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  worker.postMessage(order);
  return promise;
}

for (const Buffer of [ArrayBuffer, SharedArrayBuffer]) {
  Deno.test(`Attachments to one ${Buffer.name} are one policy in turns`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.nat(3)), { maxLength: 200, size: "max" }),
        (program) => {
          const alone = shardedS3Fifo(createPolicyMemory(limits, ArrayBuffer));
          const memory = createPolicyMemory(limits, Buffer);
          const turns = [0, 1, 2].map(() => shardedS3Fifo(memory));
          const held: number[] = [];
          const heldInTurns: number[] = [];
          for (const [step, turn] of program) {
            const policy = turns[turn] ?? shardedS3Fifo(memory);
            assert.deepEqual(
              takeStep(policy, step, heldInTurns, bounds),
              takeStep(alone, step, held, bounds),
            );
            for (const each of turns) {
              assert.equal(each.entries, alone.entries);
              assert.equal(each.weight, alone.weight);
            }
            assert.deepEqual(audited(turns[0]!), audited(alone));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
}

Deno.test("A worker and its parent share a policy in turns", async () => {
  const memory = createPolicyMemory(limits, SharedArrayBuffer);
  const alone = shardedS3Fifo(createPolicyMemory(limits, ArrayBuffer));
  const here = shardedS3Fifo(memory);
  const worker = workerOf();
  const held: number[] = [];
  let heldInTurns: number[] = [];
  try {
    for (const [i, next] of fc.sample(step, { numRuns: 300, seed: 1 }).entries()) {
      const expected = takeStep(alone, next, held, bounds);
      if (i % 2 === 0) {
        assert.deepEqual(takeStep(here, next, heldInTurns, bounds), expected);
        continue;
      }
      const order: PolicyOrder = { do: "step", memory, step: next, held: heldInTurns, bounds };
      const reply = await ask(worker, order) as PolicyReply;
      assert.deepEqual(reply.victims, expected);
      heldInTurns = reply.held;
    }
    assert(alone.entries > 0);
    assert.deepEqual(audited(here), audited(alone));
  } finally {
    worker.terminate();
  }
});

Deno.test("Evictions go on while a worker uses every slot, and all stays sound", async () => {
  const entries = 2_000;
  const memory = createPolicyMemory(
    { maxBytes: entries, maxEntries: entries, shards: 4, slots: entries },
    SharedArrayBuffer,
  );
  const policy = shardedS3Fifo(memory);
  const hash = (key: number): number => Math.imul(key + 1, 0x9e3779b1) >>> 0;
  for (let slot = 0; slot < entries; slot++) policy.insert(slot, 1, hash(slot), slot);
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = workerOf();
  try {
    const done = ask(worker, { do: "raise", memory, flag });
    await Promise.race([done, Atomics.waitAsync(flag, 0, 0).value]);
    const random = seededRandom(7);
    for (let key = entries; key < 10 * entries; key++) {
      const slot = policy.evict(hash(key), key);
      policy.insert(slot, 1, hash(Math.floor(random() * key)), key);
    }
    Atomics.store(flag, 0, 2);
    assert.equal(await done, "done");
    assert.equal(new Set(audited(policy)).size, entries);
    assert.equal(policy.weight, entries);
  } finally {
    Atomics.store(flag, 0, 2);
    worker.terminate();
  }
});
