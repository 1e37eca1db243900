import assert from "node:assert/strict";
import { PulseWatch } from "./pulse.ts";

Deno.test("a worker hangs after six looks in a row without a beat, and not before", () => {
  const watch = new PulseWatch();
  assert.equal(watch.hangs(1), false);
  for (let look = 0; look < 5; look++) assert.equal(watch.hangs(1), false);
  assert.equal(watch.hangs(2), false, "it was only slow");
  for (let look = 0; look < 5; look++) assert.equal(watch.hangs(2), false);
  assert.equal(watch.hangs(2), true);
});
