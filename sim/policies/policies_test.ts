import assert from "node:assert/strict";
import fc from "fast-check";
import type { Policy } from "@s3-edge-cache/cache";
import type { Clairvoyant } from "./clairvoyant.ts";
import { makePolicy, POLICY_NAMES, type PolicyName } from "./policies.ts";

/** Counts the misses of pages of one size in so many frames. */
function faults(name: PolicyName, pages: readonly number[], frames: number): number {
  const policy: Policy & Partial<Clairvoyant> = makePolicy(name, {
    maxBytes: frames,
    maxEntries: frames,
    shards: 1,
  });
  const slots = new Map<number, number>();
  let misses = 0;
  for (const [i, page] of pages.entries()) {
    let slot = slots.get(page);
    if (slot !== undefined) policy.access(slot);
    else {
      misses += 1;
      slot = slots.size;
      if (slots.size === frames) {
        slot = policy.evict(page, page);
        const victim = [...slots].find(([, held]) => held === slot)![0];
        slots.delete(victim);
      }
      slots.set(page, slot);
      policy.insert(slot, 1, page, page);
    }
    const next = pages.indexOf(page, i + 1);
    policy.foresee?.(slot, next < 0 ? Infinity : next);
  }
  policy.audit((slot) => assert([...slots.values()].includes(slot)));
  assert.equal(policy.entries, slots.size);
  return misses;
}

Deno.test("FIFO has Belady's anomaly, as published, and LRU and MIN have not", () => {
  // Belady, Nelson, Shedler: "An anomaly in space-time characteristics of certain programs running
  // in a paging machine", Communications of the ACM 12, 1969.
  const pages = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
  assert.deepEqual([3, 4].map((frames) => faults("fifo", pages, frames)), [9, 10]);
  assert.deepEqual([3, 4].map((frames) => faults("lru", pages, frames)), [10, 8]);
  assert.deepEqual([3, 4].map((frames) => faults("belady", pages, frames)), [7, 6]);
});

Deno.test("The textbook's reference string has the textbook's faults", () => {
  // Silberschatz, Galvin, Gagne: "Operating System Concepts", section on page replacement.
  const pages = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
  assert.equal(faults("fifo", pages, 3), 15);
  assert.equal(faults("lru", pages, 3), 12);
  assert.equal(faults("belady", pages, 3), 9);
});

/** SIEVE with an array in place of a list: Algorithm 1 of its paper, the newest first. */
function sieveFaults(pages: readonly number[], frames: number): number {
  const queue: { page: number; visited: boolean }[] = [];
  let hand: { page: number; visited: boolean } | undefined;
  let misses = 0;
  for (const page of pages) {
    const found = queue.find((each) => each.page === page);
    if (found !== undefined) {
      found.visited = true;
      continue;
    }
    misses += 1;
    if (queue.length === frames) {
      let object = hand ?? queue.at(-1)!;
      while (object.visited) {
        object.visited = false;
        object = queue[queue.indexOf(object) - 1] ?? queue.at(-1)!;
      }
      const at = queue.indexOf(object);
      hand = queue[at - 1];
      queue.splice(at, 1);
    }
    queue.unshift({ page, visited: false });
  }
  return misses;
}

/** LRU and FIFO with an array, the newest last. */
function queueFaults(pages: readonly number[], frames: number, renew: boolean): number {
  const queue: number[] = [];
  let misses = 0;
  for (const page of pages) {
    const at = queue.indexOf(page);
    if (at >= 0 && !renew) continue;
    if (at >= 0) queue.splice(at, 1);
    else if (++misses > 0 && queue.length === frames) queue.shift();
    queue.push(page);
  }
  return misses;
}

const programs = fc.tuple(
  fc.array(fc.nat(12), { minLength: 1, maxLength: 200, size: "max" }),
  fc.integer({ min: 2, max: 9 }),
);

Deno.test("SIEVE, LRU and FIFO do what their plain models do", () => {
  fc.assert(fc.property(programs, ([pages, frames]) => {
    assert.equal(faults("sieve", pages, frames), sieveFaults(pages, frames));
    assert.equal(faults("lru", pages, frames), queueFaults(pages, frames, true));
    assert.equal(faults("fifo", pages, frames), queueFaults(pages, frames, false));
  }));
});

Deno.test("No policy beats the one that knows the future, where all weigh the same", () => {
  fc.assert(fc.property(programs, ([pages, frames]) => {
    const best = faults("belady", pages, frames);
    for (const name of POLICY_NAMES) assert(faults(name, pages, frames) >= best, name);
  }));
});

Deno.test("Every policy stays sound under uses, removals and evictions of any weight", () => {
  const step = fc.record({ do: fc.constantFrom("insert", "access", "remove"), key: fc.nat(30) });
  for (const name of POLICY_NAMES) {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
        const policy: Policy & Partial<Clairvoyant> = makePolicy(name, {
          maxBytes: 100,
          maxEntries: 10,
          shards: 1,
        });
        const held = new Map<number, number>();
        for (const [i, { do: what, key }] of steps.entries()) {
          const slot = [...held.keys()][key % Math.max(held.size, 1)];
          if (what === "insert") {
            const weight = 1 + key;
            while (held.size === 10 || policy.weight + weight > 100) {
              assert(held.delete(policy.evict(key, key)));
            }
            const free = Array.from({ length: 10 }, (_, each) => each).find((each) =>
              !held.has(each)
            );
            policy.insert(free!, weight, key, key);
            policy.foresee?.(free!, i + key);
            held.set(free!, weight);
          } else if (slot !== undefined && what === "access") {
            policy.access(slot);
            policy.foresee?.(slot, i + key);
          } else if (slot !== undefined) {
            policy.remove(slot);
            held.delete(slot);
          }
          const audited = new Map<number, number>();
          policy.audit((slot, weight) => void audited.set(slot, weight));
          assert.deepEqual(new Map([...audited].toSorted()), new Map([...held].toSorted()), name);
          assert.equal(policy.entries, held.size);
        }
        while (held.size > 0) assert(held.delete(policy.evict(0, 0)));
        assert.equal(policy.evict(0, 0), -1);
      }),
      { numRuns: 50 },
    );
  }
});

Deno.test("W-TinyLFU keeps what is used often through a scan, LRU does not", () => {
  const hot = Array.from({ length: 400 }, (_, i) => i % 20);
  const scan = Array.from({ length: 200 }, (_, i) => 1_000 + i);
  const pages = [...hot, ...scan, ...hot.slice(0, 20)];
  // All but the few that its sketch takes for others.
  assert(faults("w-tinylfu", pages, 100) <= 20 + 200 + 5);
  assert.equal(faults("lru", pages, 100), 20 + 200 + 20);
});
