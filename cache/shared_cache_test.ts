import assert from "node:assert/strict";
import { createCacheMemory, slotBytes } from "./memory.ts";
import { SharedCache } from "./shared_cache.ts";
import { cacheConformance } from "./testing/cache_conformance.ts";
import { bytesOf, led, pattern, stringCodec } from "./testing/cache_probe.ts";
import { CachesInTurns } from "./testing/caches_in_turns.ts";
import { sharedCaches } from "./testing/shared_fixture.ts";

for (const workers of [1, 2, 3]) {
  const name = workers === 1 ? "SharedCache" : `SharedCache, ${workers} workers in turns`;
  cacheConformance(name, (limits) => ({
    cache: new CachesInTurns(sharedCaches(workers, limits).caches),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }));
}

Deno.test("SharedCache charges a body of unknown size as one of known size, in whole blocks", () => {
  const { keeper, caches: [cache] } = sharedCaches(1);
  const charges = [1_000, undefined].map((announced) => {
    const before = keeper.stats().bytes;
    const fill = led(cache!, "object", `${announced}`.slice(0, 4));
    assert.equal(fill.begin("record", announced), true);
    fill.write(pattern(1_000, 1));
    assert.equal(fill.commit(0), true);
    return keeper.stats().bytes - before;
  });
  const payload = "object".length + 4 + "record".length + 1_000;
  const blocks = Math.ceil((payload + 16) / 64) * 64;
  assert.deepEqual(charges, [blocks + slotBytes(1), blocks + slotBytes(1)]);
});

Deno.test("SharedCache refuses a worker that its memory has no place for", () => {
  const { memory } = sharedCaches(2);
  for (const worker of [-1, 2, 0.5]) {
    assert.throws(() => new SharedCache(memory, worker, stringCodec), RangeError);
  }
  for (const workers of [0, 257, 1.5]) {
    assert.throws(() => createCacheMemory(memory.limits, workers), RangeError);
  }
});

Deno.test("SharedCache does not keep what has too long a key", () => {
  const { caches: [cache] } = sharedCaches(1);
  assert.equal(cache!.acquire("k".repeat(16_385), "", 0).kind, "bypass");
  assert.equal(cache!.lookup("k".repeat(16_385), "", 0), undefined);
  led(cache!, "k".repeat(16_384)).abort();
});

Deno.test("SharedCache charges bytes that are skipped as if they were written, and not one more", () => {
  const { keeper, caches: [cache] } = sharedCaches(1);
  const charges = [true, false].map((skipped) => {
    const before = keeper.stats().bytes;
    const variant = skipped ? "skip" : "full";
    const fill = led(cache!, "object", variant);
    assert.equal(fill.begin("record", 3_000), true);
    fill.write(pattern(1_000, 1));
    assert.equal(skipped ? fill.skip(1_500) : fill.write(pattern(1_500, 1)), true);
    fill.write(pattern(500, 2));
    assert.equal(fill.commit(0), true);
    assert.equal(fill.skip(1), false);
    const lease = cache!.lookup("object", variant, 0)!;
    assert.deepEqual(bytesOf(lease, 0, 1_000), pattern(1_000, 1));
    assert.deepEqual(bytesOf(lease, 2_500, 3_000), pattern(500, 2));
    lease.release();
    return keeper.stats().bytes - before;
  });
  assert.equal(charges[0], charges[1]);
  const fill = led(cache!, "longer", "");
  fill.begin("record", 10);
  assert.equal(fill.skip(11), false);
  cache!.audit();
});
