import fc from "fast-check";
import { programs } from "./_steps.ts";
import { runProgram } from "./_world.ts";

for (const workers of [1, 2, 4]) {
  Deno.test(`random programs never read what a write has made stale: ${workers} workers`, async () => {
    await fc.assert(fc.asyncProperty(programs([workers]), runProgram), { numRuns: 20 });
  });
}
