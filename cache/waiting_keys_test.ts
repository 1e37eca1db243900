import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fill } from "./fill.ts";
import { sharedCaches } from "./testing/shared_fixture.ts";
import { WAITING_KEYS_BYTES, WaitingKeys } from "./waiting_keys.ts";

const CELLS = 1_024;

Deno.test("WaitingKeys gives no cell twice, and takes all back", () => {
  const steps = fc.array(fc.oneof(fc.constant("take"), fc.nat(9)), { maxLength: 60 });
  fc.assert(fc.property(steps, (steps) => {
    const keys = new WaitingKeys(new SharedArrayBuffer(WAITING_KEYS_BYTES));
    const taken: number[] = [];
    for (const step of steps) {
      if (step === "take") taken.push(keys.take(128));
      else if (taken.length > 0) keys.give(taken.splice(Number(step) % taken.length, 1)[0]!);
      assert.equal(new Set(taken).size, taken.length);
      keys.audit(taken);
    }
    const offsets = taken.map((address) => keys.offset(address)).sort((a, b) => a - b);
    offsets.forEach((offset, i) => assert(offset >= (offsets[i - 1] ?? 0) + 128));
  }));
});

Deno.test("WaitingKeys has no cell for a long key, and none when all are taken", () => {
  const keys = new WaitingKeys(new SharedArrayBuffer(WAITING_KEYS_BYTES));
  assert.equal(keys.take(129), -1);
  const taken = Array.from({ length: CELLS }, () => keys.take(1));
  assert(taken.every((address) => address < -2));
  assert(keys.offset(Math.min(...taken)) + 128 <= keys.bytes.length);
  assert.equal(keys.take(1), -1);
  keys.give(taken[7]!);
  assert.equal(keys.take(1), taken[7]);
});

Deno.test("More fills than there are cells wait, and are told apart by their keys", () => {
  const { caches: [cache, other], keeper } = sharedCaches(2, {
    maxBytes: 4_000_000,
    maxEntries: 4_000,
  });
  const object = (i: number): string => `${i}`.padStart(i % 3 === 0 ? 300 : 8, "0");
  const fills: Fill<string>[] = [];
  for (let i = 0; i < 2 * CELLS; i++) {
    const led = cache!.acquire(object(i), "", 0);
    assert(led.kind === "lead");
    fills.push(led.fill);
  }
  keeper.audit();
  for (let i = 0; i < fills.length; i++) {
    const followed = other!.acquire(object(i), "", 0);
    assert(followed.kind === "follow", `fill ${i}`);
    // Every other fill ends while it is followed: its cell stays until the release.
    if (i % 2 === 0) fills[i]!.abort();
    followed.follower.release();
  }
  keeper.audit();
  fills.forEach((fill, i) => i % 2 === 0 || assert(fill.begin(`${i}`, 3) && fill.skip(3)));
  keeper.audit();
  fills.forEach((fill, i) => i % 2 === 0 || assert(fill.commit(0)));
  keeper.audit();
  fills.forEach((_, i) => {
    const lease = cache!.lookup(object(i), "", 0);
    assert.equal(lease?.record, i % 2 === 0 ? undefined : `${i}`);
    lease?.release();
  });
});
