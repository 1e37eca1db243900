import assert from "node:assert/strict";
import fc from "fast-check";
import { hashNumber } from "./key_hash.ts";
import { Unique, UNIQUE_MEMORY_BYTES } from "./unique.ts";

/** How far an estimate is off, in percent of the truth. */
function offBy(estimate: number, truth: number): number {
  return 100 * Math.abs(estimate - truth) / truth;
}

Deno.test("Keys and bytes are within 2 % all the way to a million keys, however named", () => {
  for (const name of [(i: number) => `bucket/${i}`, (i: number) => `a/b/${i * 7919}.parquet`]) {
    const unique = new Unique();
    let bytes = 0;
    let worst = 0;
    for (let i = 1; i <= 1_000_000; i++) {
      const size = 1_024 + (Math.imul(i, 0x9e3779b1) >>> 16);
      bytes += size;
      unique.add(name(i), size);
      if (i % 50_000 === 0 || i === 100 || i === 5_000) {
        worst = Math.max(worst, offBy(unique.keys(), i), offBy(unique.bytes(), bytes));
      }
    }
    assert(worst < 2, `${worst} %`);
  }
});

Deno.test("The errors over many seeds are as small as the standard errors say", () => {
  const seeds = 30;
  const keys = 200_000;
  let [ofKeys, ofBytes, sum] = [0, 0, 0];
  for (let i = 0; i < keys; i++) sum += heavy(i);
  for (let seed = 0; seed < seeds; seed++) {
    const unique = new Unique();
    for (let i = 0; i < keys; i++) {
      const { high, low } = hashNumber(seed * keys + i);
      unique.addHash(high, low, heavy(i));
    }
    ofKeys += offBy(unique.keys(), keys) ** 2;
    ofBytes += offBy(unique.bytes(), sum) ** 2;
  }
  assert(Math.sqrt(ofKeys / seeds) < 0.5, `${Math.sqrt(ofKeys / seeds)} % of the keys`);
  assert(Math.sqrt(ofBytes / seeds) < 0.75, `${Math.sqrt(ofBytes / seeds)} % of the bytes`);
});

/** Sizes of which a few have most of the bytes. */
function heavy(i: number): number {
  return Math.floor(1e9 / (1 + i % 5_003) ** 1.2);
}

Deno.test("Reads in any order and split over any workers tell the same", () => {
  const read = fc.tuple(fc.nat(500), fc.nat(3));
  fc.assert(
    fc.property(fc.array(read, { maxLength: 2_000, size: "max" }), (reads) => {
      const all = new Unique();
      const workers = Array.from({ length: 4 }, () => new Unique());
      for (const [key, worker] of reads) {
        all.add(`bucket/${key}`, key);
        workers[worker]!.add(`bucket/${key}`, key);
      }
      const merged = new Unique();
      for (const worker of workers.reverse()) merged.merge(worker);
      assert.equal(merged.keys(), all.keys());
      assert.equal(merged.bytes(), all.bytes());
      const truth = [...new Set(reads.map(([key]) => key))].reduce((sum, key) => sum + key, 0);
      assert.equal(all.bytes(), truth);
    }),
    { numRuns: 20 },
  );
});

Deno.test("Large samples merge to an estimate as good as one of all", () => {
  const memories = [0, 1].map(() => new SharedArrayBuffer(UNIQUE_MEMORY_BYTES));
  const workers = memories.map((memory) => new Unique(memory));
  let bytes = 0;
  for (let i = 0; i < 300_000; i++) {
    bytes += i % 1_000;
    workers[i % 2]!.add(`bucket/${i}`, i % 1_000);
    if (i % 3 === 0) workers[1 - i % 2]!.add(`bucket/${i}`, i % 1_000);
  }
  const merged = new Unique();
  for (const memory of memories) merged.merge(new Unique(memory));
  assert(offBy(merged.keys(), 300_000) < 2);
  assert(offBy(merged.bytes(), bytes) < 2);
});

Deno.test("Nothing read is nothing, and a memory of another size is refused", () => {
  assert.equal(new Unique().keys(), 0);
  assert.equal(new Unique().bytes(), 0);
  assert.throws(() => new Unique(new ArrayBuffer(8)), RangeError);
});
