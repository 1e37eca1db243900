import assert from "node:assert/strict";
import fc from "fast-check";
import { EventQueue } from "./event_queue.ts";

Deno.test("Events come in the order of their time, those of one time as they were added", () => {
  const step = fc.option(fc.nat(20));
  fc.assert(fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
    const queue = new EventQueue(200);
    let model: { time: number; client: number }[] = [];
    for (const [client, time] of steps.entries()) {
      if (time !== null) {
        queue.add(time, client);
        model.push({ time, client });
        model = model.toSorted((a, b) => a.time - b.time || a.client - b.client);
      } else if (model.length > 0) {
        assert.equal(queue.soonest, model[0]!.time);
        assert.equal(queue.take(), model.shift()!.client);
      }
      assert.equal(queue.length, model.length);
    }
    while (model.length > 0) assert.equal(queue.take(), model.shift()!.client);
    assert.equal(queue.soonest, Infinity);
  }));
});
