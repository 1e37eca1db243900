import assert from "node:assert/strict";
import {
  createTallyMemory,
  type Figures,
  sumTallies,
  Tally,
  type TallyMemory,
} from "@s3-edge-cache/telemetry";
import { History } from "./history.ts";

function figures(memory: TallyMemory): Figures {
  return {
    sums: sumTallies(memory),
    cache: {
      bytes: 7,
      maxBytes: 9,
      entries: 1,
      maxEntries: 1,
      evictions: 0,
      leases: 0,
      fills: 0,
      writes: 0,
    },
    unique: { keys: 0, bytes: 0 },
    startedAt: 0,
    version: "0",
  };
}

Deno.test("a sample tells what happened since the one before", () => {
  const memory = createTallyMemory(1);
  const tally = new Tally(memory, 0);
  const request = { bucket: "b", status: 200, bytes: 100, upstreamBytes: 0 };
  const history = new History();
  for (let i = 0; i < 50; i++) tally.request({ ...request, outcome: "miss", durationMs: 900 });
  assert.equal(history.take(figures(memory), 1_000), undefined);
  for (let i = 0; i < 3; i++) tally.request({ ...request, outcome: "hit", durationMs: 0.2 });
  tally.request({ ...request, outcome: "miss", durationMs: 20 });
  const sample = history.take(figures(memory), 3_000)!;
  assert.equal(sample.time, 3);
  assert.equal(sample.hitRate, 75);
  assert.equal(sample.requests, 2);
  assert.deepEqual([sample.servedBytes, sample.savedBytes], [200, 150]);
  assert.ok(sample.hitP50! > 0.1 && sample.hitP50! <= 0.25);
  assert.ok(sample.missP99! > 10 && sample.missP99! <= 25, "the former misses are left out");
  assert.equal(sample.heldBytes, 7);
  const idle = history.take(figures(memory), 5_000)!;
  assert.deepEqual([idle.hitRate, idle.hitP50, idle.requests], [null, null, 0]);
  assert.deepEqual(history.samples, [sample, idle]);
});

Deno.test("half an hour is kept", () => {
  const history = new History();
  const same = figures(createTallyMemory(1));
  for (let i = 0; i < 1_000; i++) history.take(same, i * 2_000);
  assert.equal(history.samples.length, 900);
  assert.equal(history.samples.at(-1)!.time, 1_998);
});
