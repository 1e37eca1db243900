import assert from "node:assert/strict";
import { Random } from "./random.ts";
import type { SimRequest } from "./sim_request.ts";
import { workload, type WorkloadOptions } from "./workload.ts";

const OPTIONS: WorkloadOptions = {
  objects: 1_000,
  minBytes: 1_024,
  maxBytes: 65_536,
  pattern: "zipf",
  zipfExponent: 1,
  oneHitWonders: 0,
  requests: 100_000,
  seed: 42,
};

async function requestsOf(options: Partial<WorkloadOptions>): Promise<SimRequest[]> {
  return (await Array.fromAsync(workload({ ...OPTIONS, ...options }).batches())).flat();
}

function countsOf(requests: readonly SimRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of requests) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

Deno.test("The first requests of seed 42 are these, on every machine", async () => {
  const requests = await requestsOf({ objects: 10_000, requests: 5 });
  assert.deepEqual(requests.map(({ key, size }) => [key, size]), [
    ["object-40", 41_808],
    ["object-15", 42_072],
    ["object-229", 24_638],
    ["object-3666", 16_139],
    ["object-1478", 8_895],
  ]);
});

Deno.test("A pass can be made again, and gives the same; another seed gives others", async () => {
  const source = workload({ ...OPTIONS, requests: 5_000, oneHitWonders: 0.2 });
  const passes = await Promise.all([1, 2].map(() => Array.fromAsync(source.batches())));
  assert.deepEqual(passes[0], passes[1]);
  assert.equal(passes[0]!.flat().length, 5_000);
  const other = await requestsOf({ requests: 5_000, oneHitWonders: 0.2, seed: 43 });
  assert.notDeepEqual(passes[0]!.flat(), other);
});

Deno.test("Zipf asks for each rank in proportion", async () => {
  for (const exponent of [0.8, 1, 1.5]) {
    const counts = countsOf(await requestsOf({ zipfExponent: exponent }));
    let sum = 0;
    for (let rank = 1; rank <= 1_000; rank++) sum += rank ** -exponent;
    for (const rank of [1, 2, 3, 10, 100]) {
      const expected = 100_000 * rank ** -exponent / sum;
      const found = counts.get(`object-${rank - 1}`) ?? 0;
      const bound = 5 * Math.sqrt(expected);
      assert(Math.abs(found - expected) < bound, `${exponent}, ${rank}: ${found}, ${expected}`);
    }
  }
});

Deno.test("Uniform asks for all alike, and a scan for one after the other", async () => {
  const counts = countsOf(await requestsOf({ pattern: "uniform" }));
  assert.equal(counts.size, 1_000);
  assert([...counts.values()].every((count) => count > 50 && count < 150));
  const scanned = await requestsOf({ pattern: "scan", requests: 2_500 });
  assert(scanned.every(({ key }, i) => key === `object-${i % 1_000}`));
});

Deno.test("One-hit wonders have their share, and never come again", async () => {
  const requests = await requestsOf({ oneHitWonders: 0.3 });
  const wonders = [...countsOf(requests)].filter(([key]) => key.startsWith("wonder-"));
  assert(wonders.every(([, count]) => count === 1));
  assert(Math.abs(wonders.length - 30_000) < 1_000, `${wonders.length}`);
});

Deno.test("Sizes are uniform between their bounds, and belong to the object", async () => {
  const sizes = new Map<string, number>();
  for (const { key, size } of await requestsOf({ pattern: "uniform" })) {
    assert.equal(sizes.get(key) ?? size, size);
    sizes.set(key, size);
  }
  const all = [...sizes.values()];
  const mean = all.reduce((sum, size) => sum + size, 0) / all.length;
  assert(all.every((size) => size >= 1_024 && size <= 65_536));
  assert(Math.abs(mean - 33_280) < 2_500, `${mean}`);
  const same = await requestsOf({ minBytes: 7, maxBytes: 7, requests: 100 });
  assert(same.every(({ size }) => size === 7));
});

Deno.test("Random numbers are uniform, and those of one purpose do not depend on another's", () => {
  const random = new Random(1, "test");
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 160_000; i++) counts[random.below(16)]! += 1;
  assert(counts.every((count) => Math.abs(count - 10_000) < 500), counts.join());
  assert.equal(new Random(0, "a").word() === new Random(1, "a").word(), false);
});
