import assert from "node:assert/strict";
import { CacheKeeper } from "./cache_keeper.ts";
import { type CacheMemory, createCacheMemory } from "./memory.ts";
import { OBJECTS, type StressReport, type StressTask } from "./testing/stress.ts";

/** Lets a worker work to the end, and ends it. */
function worked(task: StressTask): Promise<StressReport> {
  const worker = new Worker(new URL("./testing/stress_worker.ts", import.meta.url), {
    type: "module",
  });
  return new Promise<StressReport>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

function smallMemory(workers: number): CacheMemory {
  const memory = createCacheMemory(
    { maxBytes: 600_000, maxEntries: 40, maxObjectBytes: 80_000, ttlMs: 1_000, shards: 2 },
    workers,
  );
  new CacheKeeper(memory).open();
  return memory;
}

function holdReports(reports: readonly StressReport[], outcomes: readonly string[]): void {
  for (const { fault } of reports) assert.equal(fault, undefined);
  for (const outcome of outcomes) {
    const count = reports.reduce((sum, { outcomes }) => sum + (outcomes[outcome] ?? 0), 0);
    assert(count > 10, `${count} times ${outcome}: ${JSON.stringify(reports)}`);
  }
}

Deno.test("Workers at full speed read no byte of another entry and no version that a write has ended", async () => {
  const memory = smallMemory(3);
  const origin = new SharedArrayBuffer(OBJECTS * 2 * 4);
  const reports = await Promise.all(
    [0, 1, 2].map((worker) =>
      worked({ memory, worker, origin, seed: worker + 1, requests: 4_000, dies: false })
    ),
  );
  const all = [
    "hit",
    "lead",
    "follow",
    "bypass",
    "write",
    "purge",
    "admitted",
    "lost",
    "aborted 3",
  ];
  holdReports(reports, all);
  const keeper = new CacheKeeper(memory);
  keeper.audit();
  const { leases, fills, writes, evictions } = keeper.stats();
  assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
  assert(evictions > 100, `${evictions} evictions`);
});

Deno.test("Workers that die one after the other leave the others unharmed, and nothing behind", async () => {
  const memory = smallMemory(2);
  const keeper = new CacheKeeper(memory);
  const origin = new SharedArrayBuffer(OBJECTS * 2 * 4);
  const living = worked({ memory, worker: 0, origin, seed: 1, requests: 4_000, dies: false });
  for (let life = 0; life < 5; life++) {
    const task = { memory, worker: 1, origin, seed: 10 + life, requests: 300, dies: true };
    const report = await worked(task);
    assert.equal(report.fault, undefined);
    keeper.voidWorker(1)?.end();
    assert.equal(keeper.poisoned, false);
  }
  holdReports([await living], ["hit", "lead", "write"]);
  keeper.audit();
  const { leases, fills, writes } = keeper.stats();
  assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
});
