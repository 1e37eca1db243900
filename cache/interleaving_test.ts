import assert from "node:assert/strict";
import { CacheKeeper } from "./cache_keeper.ts";
import { type CacheMemory, cacheViews } from "./memory.ts";
import { LIMBO } from "./memory_counts.ts";
import { CODE, EVENTS, GENERATION, PHASE, PROGRESS } from "./slot_words.ts";
import { Lockstep } from "./testing/lockstep.ts";
import { fill } from "./testing/lockstep_scripts.ts";
import { attachAll, sharedCaches } from "./testing/shared_fixture.ts";

/** A memory that holds the object in version 0, its body all zeros as text. */
function holding(maxEntries: number): CacheMemory {
  const { memory, caches } = sharedCaches(2, { maxEntries });
  fill(caches[0]!, "object", "0");
  return memory;
}

function audit(memory: CacheMemory): void {
  const keeper = new CacheKeeper(memory);
  keeper.audit();
  const { leases, fills, writes } = keeper.stats();
  assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
  assert.equal(cacheViews(memory, 0).counts[LIMBO], 0, "nobody reads, and a slot is in limbo");
}

for (const reader of ["readKnown", "readUnknown"]) {
  for (const killer of ["overwrite", "evict"]) {
    Deno.test(`No order of ${reader} and ${killer} shows bytes of another entry`, async () => {
      using lockstep = new Lockstep(2);
      const seen = new Set<unknown>();
      const orders = await lockstep.explore(
        { scripts: [reader, killer], slotWords: [GENERATION], pins: true },
        () => holding(1),
        (memory, [read, admitted]) => {
          assert(read === "miss" || read === "0", `${read}`);
          assert.equal(admitted, true);
          seen.add(read);
          audit(memory);
        },
      );
      assert.deepEqual([...seen].sort(), ["0", "miss"]);
      assert(orders > 100, `${orders} orders`);
    });
  }
}

Deno.test("No order of a fetch and a write leaves what was there before the write", async () => {
  using lockstep = new Lockstep(2);
  const seen = new Set<unknown>();
  await lockstep.explore(
    { scripts: ["fetch", "put"], slotWords: [PHASE], pins: false },
    () => sharedCaches(2).memory,
    (memory, [fetched, found]) => {
      seen.add(fetched);
      assert(found === "miss" || found === "1", `${found}`);
      assert(["miss", "1"].includes(held(memory)), `${held(memory)} is held`);
      audit(memory);
    },
  );
  assert.deepEqual([...seen].sort(), ["admitted", "bypass", "lost"]);
});

Deno.test("No order of a read and a write finds, after the write's answer, what was there before", async () => {
  using lockstep = new Lockstep(2);
  const seen = new Set<string>();
  await lockstep.explore(
    { scripts: ["getKnown", "put"], slotWords: [GENERATION], pins: true },
    () => holding(10),
    (memory, [got]) => {
      seen.add(`${got}`);
      assert.notEqual(got, "0 after the answer");
      assert.equal(held(memory), "miss");
      audit(memory);
    },
  );
  assert.deepEqual([...seen].sort(), ["0", "miss", "miss after the answer"]);
});

/** What the follower finds of a fill that is admitted: the entry, or the whole body. */
const GOOD_ENDS = ["hit", "whole"];

for (
  const { leader, ends, slotWords, pins } of [
    { leader: "complete", ends: GOOD_ENDS, slotWords: [PHASE, PROGRESS], pins: false },
    { leader: "commit", ends: GOOD_ENDS, slotWords: [EVENTS, PHASE, PROGRESS], pins: true },
    { leader: "breakOff", ends: ["7", "lead"], slotWords: [EVENTS, PHASE, CODE], pins: true },
  ]
) {
  Deno.test(`No order of ${leader} and follow tears a body or misses its end`, async () => {
    using lockstep = new Lockstep(2);
    const seen = new Set<string>();
    const orders = await lockstep.explore(
      { scripts: [leader, "follow"], slotWords, pins },
      () => sharedCaches(2).memory,
      (memory, [, end]) => {
        seen.add(`${end}`);
        audit(memory);
      },
    );
    assert.deepEqual([...seen].sort(), ends);
    assert(orders > 100, `${orders} orders`);
  });
}

Deno.test("No order of land and readFirst leaves the reader asleep", async () => {
  using lockstep = new Lockstep(2);
  const orders = await lockstep.explore(
    { scripts: ["land", "readFirst"], slotWords: [EVENTS, PHASE, PROGRESS], pins: true },
    () => sharedCaches(2).memory,
    (_, [, read]) => assert.equal(read, "whole"),
  );
  assert(orders > 100, `${orders} orders`);
});

/** The record that is found at last. */
function held(memory: CacheMemory): string {
  const lease = attachAll(memory)[0]!.lookup("object", "", 0);
  lease?.release();
  return lease?.record ?? "miss";
}
