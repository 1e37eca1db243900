import assert from "node:assert/strict";
import { Monitor, MONITOR_WORDS } from "./monitor.ts";
import type { MonitorTask } from "./testing/monitor_worker.ts";

function words(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(MONITOR_WORDS * 4));
}

Deno.test("Monitor runs sections one after the other, and returns what they return", () => {
  const shared = words();
  const doors = [0, 1].map((number) => new Monitor(shared, number));
  for (const [number, door] of doors.entries()) {
    assert.equal(door.run(() => (assert(door.isHeldBy(number)), number), -1), number);
    assert.equal(door.isHeldBy(number), false);
  }
});

Deno.test("Monitor is poisoned by a section that throws, and lets nobody in any more", () => {
  const shared = words();
  const [first, second] = [new Monitor(shared, 0), new Monitor(shared, 1)];
  const fault = new Error("broken");
  assert.throws(() =>
    first.run(() => {
      throw fault;
    }, 0), fault);
  assert.equal(second.poisoned, true);
  assert.equal(second.run(() => "inside", "barred"), "barred");
});

Deno.test("Monitor throws where a section enters again, instead of waiting for itself", () => {
  const door = new Monitor(words(), 0);
  assert.throws(() => door.run(() => door.run(() => 1, 0), 0), /enters the monitor again/);
});

Deno.test("Monitor takes a holder that stays inside for dead, and poisons", () => {
  const shared = words();
  const waiting = new Monitor(shared, 1, 2);
  Atomics.store(shared, 0, 1);
  assert.equal(waiting.isHeldBy(0), true);
  assert.equal(waiting.run(() => "inside", "barred"), "barred");
  assert.equal(waiting.poisoned, true);
  assert.equal(new Monitor(shared, 2).run(() => "inside", "barred"), "barred");
});

Deno.test("Monitor keeps counts right that many workers raise by plain reads and writes", async () => {
  const shared = words();
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const url = new URL("./testing/monitor_worker.ts", import.meta.url);
  const workers = [0, 1, 2].map(() => new Worker(url, { type: "module" }));
  await Promise.all(workers.map((worker, number) =>
    new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
      const task: MonitorTask = { shared, counter, number, entries: 20_000 };
      worker.postMessage(task);
    })
  ));
  for (const worker of workers) worker.terminate();
  assert.equal(counter[0], 60_000);
  assert.deepEqual([...shared.subarray(0, 3)], [0, 0, 60_000]);
});
