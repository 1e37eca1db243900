import assert from "node:assert/strict";
import { countOf } from "./metrics.ts";
import { OUTCOMES } from "./outcome.ts";
import { type CountedRequest, Tally } from "./tally.ts";
import { createTallyMemory, DURATION_BOUNDS, MOST_BUCKETS } from "./tally_memory.ts";
import { estimateQuantile, OTHER_BUCKETS, sumTallies, sumUnique } from "./tally_sums.ts";

const HIT: CountedRequest = {
  bucket: "photos",
  outcome: "hit",
  status: 200,
  durationMs: 0.2,
  bytes: 10,
  upstreamBytes: 0,
};

Deno.test("sums are over all workers, and a worker that is replaced counts on", () => {
  const memory = createTallyMemory(2);
  const dead = new Tally(memory, 0);
  dead.request(HIT);
  dead.event("mismatch");
  const [successor, other] = [new Tally(memory, 0), new Tally(memory, 1)];
  successor.request({ ...HIT, bucket: "videos" });
  successor.request(HIT);
  other.request({ ...HIT, outcome: "miss", upstreamBytes: 10, durationMs: 40 });
  other.request({ ...HIT, outcome: "bypass", status: 503, bytes: 0 });

  const sums = sumTallies(memory);
  assert.equal(countOf(sums, "hit"), 3);
  assert.equal(countOf(sums, "miss"), 1);
  assert.deepEqual(sums.statuses, [0, 4, 0, 0, 1]);
  assert.equal(sums.events.mismatch, 1);
  assert.equal(sums.bytes, 40);
  assert.equal(sums.savedBytes, 30);
  assert.equal(sums.upstreamBytes, 10);
  assert.equal(sums.savedRequests, 3);
  assert.deepEqual([...sums.buckets.keys()].sort(), [OTHER_BUCKETS, "photos", "videos"]);
  assert.equal(sums.buckets.get("photos")!.requests.hit, 2);
  assert.equal(sums.durations.hit.counts.reduce((a, b) => a + b), 3);
});

Deno.test("every outcome has a place of its own", () => {
  const memory = createTallyMemory(1);
  const tally = new Tally(memory, 0);
  OUTCOMES.forEach((outcome, i) => {
    for (let times = 0; times <= i; times++) tally.request({ ...HIT, outcome });
  });
  const { requests } = sumTallies(memory);
  assert.deepEqual(requests, Object.fromEntries(OUTCOMES.map((name, i) => [name, i + 1])));
});

Deno.test("buckets that do not answer, and those beyond the bound, are counted together", () => {
  const memory = createTallyMemory(2);
  const tallies = [new Tally(memory, 0), new Tally(memory, 1)];
  tallies[0]!.request({ ...HIT, bucket: "typo", status: 404 });
  tallies[0]!.request({ ...HIT, bucket: "x".repeat(64) });
  tallies[0]!.request({ ...HIT, bucket: "" });
  for (let i = 0; i < MOST_BUCKETS; i++) {
    tallies.forEach((tally, worker) => tally.request({ ...HIT, bucket: `bucket-${worker}-${i}` }));
  }
  tallies[0]!.request({ ...HIT, bucket: "too-many" });
  const { buckets, requests } = sumTallies(memory);
  assert.equal(buckets.size, MOST_BUCKETS + 1);
  assert.equal(buckets.has("typo"), false);
  assert.equal(requests.hit, 2 * MOST_BUCKETS + 4);
  assert.equal(buckets.get(OTHER_BUCKETS)!.requests.hit, MOST_BUCKETS + 4);
});

Deno.test("a quantile lies between the bounds of its observations", () => {
  const memory = createTallyMemory(1);
  const tally = new Tally(memory, 0);
  assert.equal(estimateQuantile(sumTallies(memory).durations.hit, 0.5), undefined);
  for (let i = 0; i < 99; i++) tally.request({ ...HIT, durationMs: 0.7 });
  tally.request({ ...HIT, durationMs: 100_000 });
  const { hit } = sumTallies(memory).durations;
  const median = estimateQuantile(hit, 0.5)!;
  assert.ok(median > 0.0005 && median <= 0.001, String(median));
  assert.equal(estimateQuantile(hit, 1), DURATION_BOUNDS.at(-1));
});

Deno.test("different objects are estimated over all workers", () => {
  const memory = createTallyMemory(2);
  for (let i = 0; i < 1000; i++) {
    new Tally(memory, i % 2).object(`bucket/${i % 500}`, 100);
  }
  const { keys, bytes } = sumUnique(memory);
  assert.ok(Math.abs(keys - 500) < 10, String(keys));
  assert.equal(bytes, 50_000);
});
