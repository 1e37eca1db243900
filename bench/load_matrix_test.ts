import assert from "node:assert/strict";
import { rowsOf } from "./load_matrix.ts";
import { cellText, titleLine } from "./load_table.ts";
import type { Figures } from "./load_run.ts";
import { median } from "./statistics.ts";

function figures(cpuMicroseconds: number | undefined, errors = 0): Figures {
  const rest = { requestsPerSecond: 1000, p50: 1, p99: 2, residentBytes: 2 ** 20, originReads: 0 };
  return { ...rest, cpuMicroseconds, errors };
}

Deno.test("the median is the middle, or between the two there", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 2]), 3);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("ratios are taken round by round, before their median", () => {
  const [own, peer] = rowsOf(["own", "peer"], [
    [figures(10), figures(40), figures(90, 1)],
    [figures(20), figures(20), figures(30, 1)],
  ]);
  assert.equal(own!.cpuRatio, undefined);
  assert.equal(own!.cpuMicroseconds, 40);
  assert.equal(peer!.cpuRatio, 2);
  assert.equal(peer!.errors, 1);
});

Deno.test("a target that could not be run has no row; one without a process no processor time", () => {
  const rows = rowsOf(["own", "absent", "elsewhere"], [[figures(10)], [], [figures(undefined)]]);
  assert.deepEqual(rows.map(({ target }) => target), ["own", "elsewhere"]);
  const text = cellText({ size: 65_536, mode: "hit", workers: 2, rows });
  assert.match(text, /^64 KiB hit, 2 workers\nown .+\nelsewhere .+ - .+$/);
  for (const line of text.split("\n").slice(1)) assert.equal(line.length, titleLine().length);
});
