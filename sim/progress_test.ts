import assert from "node:assert/strict";
import { createProgress } from "./progress.ts";

function linesOf(
  interval: number,
  length: number | undefined,
  steps: readonly [number, number?][],
): string[] {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  using progress = createProgress({ terminal: false, interval, source: { length }, write });
  for (const [requests, hitRate] of steps) progress.at(requests, hitRate);
  return lines;
}

Deno.test("A line comes each time that the interval is over, with the hits so far", () => {
  const steps = [[400, 0], [1_100, 0.25], [1_900, 0.3], [2_000, 0.5], [9_000, 1]] as const;
  assert.deepEqual(linesOf(1_000, 9_000, steps.map(([at, rate]) => [at, rate])), [
    "1100 of 9000 requests, 25.0 % hits",
    "2000 of 9000 requests, 50.0 % hits",
    "9000 of 9000 requests, 100.0 % hits",
  ]);
  assert.deepEqual(linesOf(1_000, undefined, [[1_000]]), ["1000 requests"]);
});

Deno.test("Nothing is told where no interval is asked for", () => {
  assert.deepEqual(linesOf(0, 10, [[10, 0.5]]), []);
});
