import assert from "node:assert/strict";
import { hashKey } from "./key_hash.ts";

const KEYS = Array.from({ length: 20_000 }, (_, i) => hashKey(`bucket/path/${i}`, ""));

/** How far counts are from even, as chi squared over its degrees of freedom: near 1 if random. */
function unevenness(buckets: number, bucketOf: (index: number) => number): number {
  const counts = new Array<number>(buckets).fill(0);
  for (let i = 0; i < KEYS.length; i++) counts[bucketOf(i)]! += 1;
  const expected = KEYS.length / buckets;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0) / (buckets - 1);
}

Deno.test("hashKey tells apart where the object ends", () => {
  const addresses = [["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["a", "b"], ["", ""]];
  const hashes = addresses.map(([object, variant]) => hashKey(object!, variant!));
  for (const half of ["high", "low"] as const) {
    assert.equal(new Set(hashes.map((hash) => hash[half])).size, addresses.length);
  }
  assert.deepEqual(hashKey("ab", "c"), hashes[0]);
});

Deno.test("hashKey gives unsigned 32-bit integers that spread evenly", () => {
  for (const { high, low } of KEYS) {
    assert(high === high >>> 0 && low === low >>> 0);
  }
  for (const half of ["high", "low"] as const) {
    for (const buckets of [2, 3, 16, 100, 4_096]) {
      const uneven = unevenness(buckets, (i) => KEYS[i]![half] % buckets);
      assert(uneven < 3, `${half} over ${buckets}: ${uneven}`);
    }
    const top = unevenness(256, (i) => KEYS[i]![half] >>> 24);
    assert(top < 1.6, `${half}, top byte: ${top}`);
  }
});

Deno.test("hashKey's two hashes are independent", () => {
  const uneven = unevenness(256, (i) => (KEYS[i]!.high & 15) * 16 + (KEYS[i]!.low & 15));
  assert(uneven < 1.6, `${uneven}`);
});
