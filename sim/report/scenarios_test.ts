import assert from "node:assert/strict";
import { readCommandLine } from "../flags/command_line.ts";
import { plannedWorkload } from "../plan.ts";
import { virtualRun } from "../virtual_run.ts";
import { createProgress } from "../progress.ts";
import type { RunReport } from "./run_report.ts";
import { scenarioResult } from "./scenario_table.ts";
import { SCENARIO_NAMES, SCENARIOS } from "./scenarios.ts";

const silent = createProgress({
  terminal: false,
  interval: 0,
  source: { length: 0 },
  write: () => {},
});

function reportOf(args: readonly string[], presets: Readonly<Record<string, string>> = {}) {
  const commandLine = readCommandLine(args, presets);
  return virtualRun(commandLine, plannedWorkload(commandLine.settings), silent);
}

/** Latency of a miss: the mean of all, without the hits, which take no time. */
function meanMiss(hitPercent: number, mean: number): number {
  return mean / (1 - hitPercent / 100);
}

function holdWithinTenPercent(now: number, before: number, what: string): void {
  assert(Math.abs(now - before) <= 0.1 * before, `${what}: ${now}, before ${before}`);
}

for (const name of SCENARIO_NAMES) {
  Deno.test(`Scenario ${name}: hits are not fewer than before, and latencies are as they were`, async () => {
    const report = await reportOf([], SCENARIOS[name].flags);
    const { now, before } = scenarioResult(name, report);
    assert(now.hitPercent >= before.hitPercent - 1, `${now.hitPercent} % hits`);
    assert.equal(report.errors, 0);
    assert.equal(report.requests, report.hits + report.misses);
    if (before.p50 > 0) holdWithinTenPercent(now.p50, before.p50, "p50");
    else assert.equal(now.p50, 0);
    holdWithinTenPercent(now.p99, before.p99, "p99");
    // More hits make the mean of all less: that of the misses stays.
    const misses = [now, before].map(({ hitPercent, mean }) => meanMiss(hitPercent, mean));
    holdWithinTenPercent(misses[0]!, misses[1]!, "the mean of the misses");
    assert(now.mean <= before.mean * 1.1, `${now.mean} ms in the mean`);
  });
}

Deno.test("The same seed gives the same report to the last digit", async () => {
  const args = ["--num-requests", "30000", "--one-hit-wonder-ratio", "0.1"];
  const reports = await Promise.all([1, 2].map(() => reportOf(args)));
  assert.deepEqual(reports[0], reports[1]);
  assert.notDeepEqual(reports[0]!.hits, (await reportOf([...args, "--seed", "43"])).hits);
});

Deno.test("The hit rate never falls in a long run that both bounds press on", async () => {
  const args = ["--cache-max-entries", "300", "--cache-max-size", "20MB", "--num-requests"];
  const reports: RunReport[] = [];
  for (const requests of ["20000", "200000", "2000000"]) {
    reports.push(await reportOf([...args, requests]));
  }
  const rates = reports.map(({ hitRate }) => 100 * hitRate);
  assert(rates[0]! >= 56, rates.join());
  assert(rates[1]! >= rates[0]! && rates[2]! >= rates[1]!, rates.join());
});

Deno.test("The estimates of different keys and bytes are within 2 % of the truth", async () => {
  const args = ["--num-objects", "1000000", "--pattern", "uniform", "--num-requests", "300000"];
  const { uniqueKeys, uniqueBytes } = await reportOf(args);
  assert(uniqueKeys.actual! > 200_000);
  for (const { actual, estimated } of [uniqueKeys, uniqueBytes]) {
    assert(Math.abs(estimated - actual!) < 0.02 * actual!, `${estimated}, ${actual}`);
  }
});
