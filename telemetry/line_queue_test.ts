import assert from "node:assert/strict";
import { LineQueue } from "./line_queue.ts";
import { type ByteSink, LineWriter } from "./line_writer.ts";

/** A sink that takes nothing until it is opened, and then a few bytes at a time. */
class Gate implements ByteSink {
  readonly opened: PromiseWithResolvers<void> = Promise.withResolvers();
  text = "";

  async write(bytes: Uint8Array): Promise<number> {
    await this.opened.promise;
    const taken = bytes.subarray(0, 3);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

function word(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4));
}

Deno.test("lines of many queues are written whole, in the order of each", async () => {
  const waiting = word();
  const gate = new Gate();
  const writer = new LineWriter(gate, waiting, () => assert.fail());
  const handOver = (lines: string) => writer.write(lines);
  const options = { waiting, maxWaiting: 1_000, delayMs: 0, handOver, onDrop: assert.fail };
  const [one, two] = [new LineQueue(options), new LineQueue(options)];
  one.add("a1");
  two.add("b1");
  one.add("a2");
  one.flush();
  two.flush();
  assert.equal(waiting[0], 9);
  gate.opened.resolve();
  await writer.flush(10_000);
  assert.equal(gate.text, "a1\na2\nb1\n");
  assert.equal(waiting[0], 0);
});

Deno.test("who adds a line never waits: beyond the bound lines are dropped, each counted", async () => {
  const waiting = word();
  const gate = new Gate();
  const writer = new LineWriter(gate, waiting, () => assert.fail());
  let dropped = 0;
  const queue = new LineQueue({
    waiting,
    maxWaiting: 30,
    delayMs: 0,
    handOver: (lines) => writer.write(lines),
    onDrop: () => dropped++,
  });
  for (let i = 0; i < 10; i++) {
    queue.add("12345");
    queue.flush();
  }
  assert.equal(dropped, 5);
  await writer.flush(0);
  assert.equal(gate.text, "");
  gate.opened.resolve();
  await writer.flush(10_000);
  queue.add("later");
  queue.flush();
  await writer.flush(10_000);
  assert.equal(gate.text, "12345\n".repeat(5) + "later\n");
});

Deno.test("a stream that breaks is told once, and what comes after it is thrown away", async () => {
  const waiting = word();
  const errors: unknown[] = [];
  const sink = { write: () => Promise.reject(new Error("the reader is gone")) };
  const writer = new LineWriter(sink, waiting, (error) => errors.push(error));
  Atomics.add(waiting, 0, 4);
  writer.write("a\n");
  writer.write("b\n");
  await writer.flush(10_000);
  assert.equal(errors.length, 1);
  assert.equal(waiting[0], 0);
});
