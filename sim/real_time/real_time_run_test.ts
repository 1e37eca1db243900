import assert from "node:assert/strict";
import { readCommandLine } from "../flags/command_line.ts";
import { createProgress } from "../progress.ts";
import { plannedWorkload } from "../plan.ts";
import { virtualRun } from "../virtual_run.ts";
import { type RequestSource, type SimRequest, simRequest } from "../workload/sim_request.ts";
import { realTimeRun } from "./real_time_run.ts";

const silent = createProgress({
  terminal: false,
  interval: 0,
  source: { length: 0 },
  write: () => {},
});

/** An origin that answers at once. */
const AT_ONCE = ["--latency-ms", "0", "--throughput-bytes-per-sec", "0"];

function sourceOf(...batches: SimRequest[][]): RequestSource {
  return {
    length: undefined,
    foreseen: false,
    batches: async function* () {
      yield* await Promise.resolve(batches);
    },
  };
}

Deno.test("The pipeline gives as many hits as the simulation of its cache", async () => {
  const commandLine = readCommandLine([...AT_ONCE, "--num-requests", "4000", "--concurrency", "1"]);
  const source = plannedWorkload(commandLine.settings);
  const real = await realTimeRun(commandLine, source, silent);
  const simulated = await virtualRun(commandLine, source, silent);
  assert.equal(real.errors, 0);
  assert.equal(real.hits + real.misses, 4_000);
  assert(Math.abs(real.hitRate - simulated.hitRate) < 0.01, `${real.hitRate}`);
  assert.deepEqual(real.uniqueKeys, simulated.uniqueKeys);
  assert.equal(real.upstreamRequests, real.misses);
  assert(real.latencyMs.p99 > 0 && real.seconds > 0);
});

Deno.test("Clients that ask for one object together cost the origin one request", async () => {
  const commandLine = readCommandLine(["--latency-ms", "20", "--concurrency", "8"]);
  const reads = Array.from({ length: 8 }, () => simRequest(0, "read", "a key/with ü", 300_000));
  const report = await realTimeRun(commandLine, sourceOf(reads), silent);
  assert.deepEqual([report.misses, report.follows, report.errors], [8, 7, 0]);
  assert.deepEqual([report.upstreamRequests, report.upstreamBytes], [1, 300_000]);
});

Deno.test("Writes, deletions and heads go through the pipeline as well", async () => {
  const commandLine = readCommandLine([...AT_ONCE, "--concurrency", "1"]);
  const operations = ["read", "head", "write", "read", "read", "delete", "head"] as const;
  const requests = operations.map((each) => simRequest(0, each, "k", 1_000));
  const report = await realTimeRun(commandLine, sourceOf(requests), silent);
  assert.deepEqual([report.hits, report.misses, report.writes, report.errors], [2, 3, 2, 0]);
  assert.equal(report.cache.entries, 0);
});

Deno.test("Without a cache everything goes to the origin", async () => {
  const commandLine = readCommandLine([...AT_ONCE, "--no-cache", "--num-requests", "200"]);
  const report = await realTimeRun(commandLine, plannedWorkload(commandLine.settings), silent);
  assert.deepEqual([report.hits, report.misses, report.upstreamRequests], [0, 200, 200]);
});

Deno.test("What is too old is asked for, and still good", async () => {
  const args = [...AT_ONCE, "--concurrency", "1", "--cache-ttl-secs", "0.001"];
  const reads = Array.from({ length: 50 }, () => simRequest(0, "read", "k", 200_000));
  const slow = ["--latency-ms", "2"];
  const report = await realTimeRun(readCommandLine([...args, ...slow]), sourceOf(reads), silent);
  assert.equal(report.errors, 0);
  assert(report.revalidations > 0 && report.hits + report.misses === 50);
  assert.equal(report.upstreamBytes, 200_000 * report.misses);
});
