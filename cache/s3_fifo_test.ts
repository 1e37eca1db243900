import assert from "node:assert/strict";
import fc from "fast-check";
import type { PolicyCapacity } from "./policy.ts";
import { createPolicyMemory, policyViews } from "./policy_memory.ts";
import { MOST_TURNS, S3Fifo } from "./s3_fifo.ts";
import { S3FifoModel } from "./testing/s3_fifo_model.ts";

/** The second of four shards of a memory; each has this capacity. */
function s3Fifo({ bytes, entries }: PolicyCapacity): S3Fifo {
  const limits = { maxBytes: 4 * bytes, maxEntries: 4 * entries, shards: 4, slots: 4 * entries };
  return new S3Fifo(policyViews(createPolicyMemory(limits, ArrayBuffer)), 1);
}

/** Slots in the order of the queues: small, then main, oldest first. */
function queued(policy: S3Fifo): number[] {
  const slots: number[] = [];
  policy.audit((slot) => slots.push(slot));
  return slots;
}

type Step =
  | { readonly do: "insert"; readonly key: number; readonly weight: number }
  | { readonly do: "access" | "remove"; readonly pick: number }
  | { readonly do: "evict" };

const insertStep = fc.record({
  do: fc.constant("insert" as const),
  key: fc.nat(30),
  weight: fc.integer({ min: 1, max: 60 }),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { arbitrary: insertStep, weight: 4 },
    {
      arbitrary: fc.record({ do: fc.constant("access" as const), pick: fc.nat(1000) }),
      weight: 6,
    },
    { arbitrary: fc.record({ do: fc.constant("evict" as const) }), weight: 2 },
    {
      arbitrary: fc.record({ do: fc.constant("remove" as const), pick: fc.nat(1000) }),
      weight: 1,
    },
  ),
  { maxLength: 300, size: "max" },
);

/** Few values of each hash, so that keys share one of the two and searches collide. */
function hashesOf(key: number): [high: number, low: number] {
  return [key % 5, (key >> 1) * 64];
}

Deno.test("S3Fifo does what the slow model does, step by step", () => {
  fc.assert(
    fc.property(
      steps,
      fc.constantFrom({ bytes: 200, entries: 12 }, { bytes: 1000, entries: 5 }, {
        bytes: 37.5,
        entries: 100.25,
      }),
      (program, capacity) => {
        const policy = s3Fifo(capacity);
        const model = new S3FifoModel(capacity);
        const keys = new Map<number, number>();
        const evict = (): void => {
          const victim = policy.evict(0, 0);
          assert.equal(victim, model.evict());
          keys.delete(victim);
        };
        for (const step of program) {
          const held = model.items;
          if (step.do === "evict") evict();
          else if (step.do === "insert") {
            if ([...keys.values()].includes(step.key)) continue;
            while (
              policy.entries > 0 &&
              (policy.weight + step.weight > capacity.bytes ||
                policy.entries + 1 > capacity.entries)
            ) evict();
            let slot = 0;
            while (keys.has(slot)) slot += 1;
            keys.set(slot, step.key);
            policy.insert(slot, step.weight, ...hashesOf(step.key));
            model.insert(slot, step.weight, hashesOf(step.key).join());
          } else if (held.length > 0) {
            const { slot } = held[step.pick % held.length]!;
            policy[step.do](slot);
            model[step.do](slot);
            if (step.do === "remove") keys.delete(slot);
          }
          assert.deepEqual(queued(policy), model.items.map((item) => item.slot));
          assert.equal(policy.entries, model.items.length);
          assert.equal(policy.weight, model.items.reduce((sum, item) => sum + item.weight, 0));
        }
      },
    ),
    { numRuns: 400 },
  );
});

Deno.test("S3Fifo lets a scan pass through the small queue", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 20 });
  for (let slot = 0; slot < 20; slot++) policy.insert(slot, 1, slot, slot);
  for (let slot = 0; slot < 18; slot++) for (let use = 0; use < 2; use++) policy.access(slot);
  for (let key = 100; key < 1100; key++) {
    const slot = policy.evict(key, key);
    assert(slot >= 18, `slot ${slot} was used twice and left for key ${key}`);
    policy.insert(slot, 1, key, key);
  }
});

Deno.test("S3Fifo keeps what was used once out of main, and takes it in when it comes back", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 10 });
  for (let slot = 0; slot < 10; slot++) policy.insert(slot, 1, slot, slot);
  policy.access(0);
  assert.equal(policy.evict(0, 0), 0);
  policy.insert(0, 1, 0, 0);
  assert.deepEqual(queued(policy).at(-1), 0);
  for (const victim of [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, -1]) {
    assert.equal(policy.evict(50, 50), victim);
  }
});

Deno.test("S3Fifo counts uses up to three", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 10 });
  for (const slot of [0, 1, 2]) policy.insert(slot, 1, slot, slot);
  for (const slot of [0, 0, 1, 1]) policy.access(slot);
  assert.equal(policy.evict(9, 9), 2, "slots 0 and 1 move to main");
  for (let use = 0; use < 100; use++) policy.access(0);
  for (let use = 0; use < 3; use++) policy.access(1);
  assert.equal(policy.evict(9, 9), 0, "both stand at three, and slot 0 is the older");
});

Deno.test("S3Fifo takes an entry larger than the small queue's share", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 100 });
  policy.insert(0, 900, 1, 1);
  policy.insert(1, 100, 2, 2);
  assert.equal(policy.weight, 1000);
  assert.equal(policy.evict(3, 3), 0);
});

Deno.test("S3Fifo moves the small queue's used entries by as many as an eviction may look at", () => {
  const entries = MOST_TURNS + 10;
  const policy = s3Fifo({ bytes: 1e9, entries });
  for (let slot = 0; slot < entries; slot++) policy.insert(slot, 1, slot, slot);
  for (let slot = 0; slot < entries; slot++) for (let use = 0; use < 2; use++) policy.access(slot);
  assert.equal(policy.evict(1, 1), 0, "the main queue's oldest");
  assert.equal(queued(policy)[0], MOST_TURNS, "the small queue's oldest");
  assert.equal(policy.evict(1, 1), 1);
  assert.equal(queued(policy)[0], MOST_TURNS, "the small queue is below its share");
});

Deno.test("S3Fifo lets main give the next where all it may look at were used", () => {
  const entries = MOST_TURNS + 10;
  const policy = s3Fifo({ bytes: 1e9, entries });
  const use = (): void => {
    for (let slot = 0; slot < entries; slot++) for (let n = 0; n < 3; n++) policy.access(slot);
  };
  for (let slot = 0; slot < entries; slot++) policy.insert(slot, 1, slot, slot);
  use();
  for (const victim of [0, 1]) assert.equal(policy.evict(1, 1), victim, "all move to main");
  use();
  assert.equal(queued(policy)[10], 2, "the main queue's oldest of two less than may be looked at");
  assert.equal(policy.evict(1, 1), 4, "all have had one turn, and slots 2 and 3 another");
});

Deno.test("S3Fifo finds a victim while others raise what it lowers", () => {
  const limits = { maxBytes: 100, maxEntries: 10, shards: 1, slots: 10 };
  const views = policyViews(createPolicyMemory(limits, ArrayBuffer));
  const uses = new Proxy(views.uses, { get: () => 3 });
  const policy = new S3Fifo({ ...views, uses }, 0);
  for (let slot = 0; slot < 10; slot++) policy.insert(slot, 1, slot, slot);
  const victims = Array.from({ length: 10 }, () => policy.evict(1, 1));
  assert.deepEqual(victims.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(policy.evict(1, 1), -1);
});

Deno.test("S3Fifo takes signed and unsigned hashes for the same", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 10 });
  for (let slot = 0; slot < 10; slot++) policy.insert(slot, 1, -1 - slot, -1 - slot);
  assert.equal(policy.evict(1, 1), 0);
  policy.insert(0, 1, 2 ** 32 - 1, 2 ** 32 - 1);
  policy.insert(10, 1, 1, 1);
  assert.deepEqual(queued(policy).slice(-2), [10, 0], "slot 0 is in main, for the ghost knew it");
});

Deno.test("S3Fifo refuses a slot that has no row", () => {
  const policy = s3Fifo({ bytes: 1000, entries: 10 });
  for (const slot of [-1, 40, NaN]) {
    assert.throws(() => policy.insert(slot, 1, 1, 1), RangeError);
  }
  assert.equal(policy.entries, 0);
});
