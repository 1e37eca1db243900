import assert from "node:assert/strict";
import { LocalCache } from "./local_cache.ts";
import { CACHE_DEFAULTS, ENTRY_OVERHEAD_BYTES } from "./options.ts";
import { pattern, stringCodec } from "./testing/cache_probe.ts";

function emptyCache(maxObjectBytes = 10_000): LocalCache<string> {
  return new LocalCache({
    ...CACHE_DEFAULTS,
    maxBytes: 20_000,
    maxObjectBytes,
    codec: stringCodec,
  });
}

Deno.test("LocalCache refuses options out of bounds", () => {
  assert.throws(() => emptyCache(20_001), RangeError);
});

Deno.test("LocalCache charges body, record, key and overhead, and permits a body of the very limit", async () => {
  const charge = ENTRY_OVERHEAD_BYTES + "object".length + "variant".length + 8 + 100;
  for (const announced of [100, undefined]) {
    const cache = emptyCache(100);
    const fill = cache.fill("object", "variant", 0)!;
    assert.equal(fill.begin("rec\u{f6}rd\n", announced), true);
    assert.equal(fill.write(pattern(100, 1)), true);
    assert.equal(await fill.commit(0), true);
    assert.equal(cache.stats().bytes, charge);
    cache.audit();

    const tooLarge = cache.fill("object", "variant", 0)!;
    if (announced === undefined) {
      assert.equal(tooLarge.begin("rec\u{f6}rd\n", undefined), true);
      assert.equal(tooLarge.write(pattern(100, 1)), true);
      assert.equal(tooLarge.write(pattern(1, 1)), false);
    } else assert.equal(tooLarge.begin("rec\u{f6}rd\n", 101), false);
    assert.equal(cache.stats().bytes, charge);
  }
});

Deno.test("LocalCache sets a known size aside before the first byte", () => {
  const cache = emptyCache();
  const fill = cache.fill("object", "", 0)!;
  fill.begin("", 8_000);
  assert.equal(cache.stats().bytes, 8_000 + "object".length + ENTRY_OVERHEAD_BYTES);
  fill.abort();
  assert.equal(cache.stats().bytes, 0);
});

Deno.test("LocalCache hands out its own memory, not a copy", async () => {
  const cache = emptyCache();
  const fill = cache.fill("object", "", 0)!;
  fill.begin("", 10);
  fill.write(pattern(10, 1));
  await fill.commit(0);
  const lease = cache.lookup("object", "", 0)!;
  const [[first], [second]] = [[...lease.chunks(0, 10)], [...lease.chunks(2, 5)]];
  assert.equal(first!.buffer, second!.buffer);
  lease.release();
});
