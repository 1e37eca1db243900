import assert from "node:assert/strict";
import { SmallObjects } from "./small_objects.ts";

Deno.test("SmallObjects knows what it heard last of an object", () => {
  const small = new SmallObjects(100);
  small.learn("a", 100);
  small.learn("b", 101);
  assert.deepEqual([small.has("a"), small.has("b"), small.has("c")], [true, false, false]);
  small.learn("a", 101);
  small.learn("b", 0);
  assert.deepEqual([small.has("a"), small.has("b")], [false, true]);
});

Deno.test("SmallObjects forgets, the oldest first", () => {
  const small = new SmallObjects(1);
  for (let i = 0; i < 100_000; i++) small.learn(`${i}`, 1);
  assert.equal(small.has("99999"), true);
  assert.equal(small.has("91808"), true);
  assert.equal(small.has("0"), false);
});
