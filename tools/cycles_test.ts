import assert from "node:assert/strict";
import { checkCycles } from "./cycles.ts";

/** A graph from pairs of a file and the files that it imports. */
function graph(files: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(files).map(([file, imports]) => ({
    file,
    imports: imports.map((target) => ({ specifier: target, file: target })),
  }));
}

Deno.test("a diamond is no cycle", () => {
  assert.deepEqual(checkCycles(graph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })), []);
});

Deno.test("a cycle is named with its way around, once", () => {
  const found = checkCycles(graph({ a: ["b"], b: ["c"], c: ["b"], d: ["c"] }));
  assert.deepEqual(found, [{ file: "b", message: "import cycle: b -> c -> b" }]);
});

Deno.test("a file that imports itself is a cycle", () => {
  assert.equal(checkCycles(graph({ a: ["a"] })).length, 1);
});
