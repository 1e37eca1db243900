import assert from "node:assert/strict";
import { runCommand } from "./command.ts";

/** Runs the command in this process. */
async function command(...args: string[]) {
  const [printed, told]: [string[], string[]] = [[], []];
  const status = await runCommand(args, {
    print: (text) => printed.push(text),
    tell: (line) => told.push(line),
    terminal: false,
  });
  return { status, printed: printed.join("\n"), told };
}

const QUICK = ["--num-requests", "5000", "--progress-interval", "0"];

Deno.test("A run is reported for people", async () => {
  const { status, printed, told } = await command(...QUICK);
  assert.equal(status, 0);
  assert.deepEqual(told, []);
  for (const row of ["hits", "misses", "errors", "duration", "throughput", "latency", "unique"]) {
    assert.match(printed, new RegExp(`^${row}`, "m"));
  }
  assert.match(printed, /^requests {7}5000$/m);
  assert.match(printed, /^latency {8}p50 \d+\.\d\d ms, p99 \d+\.\d\d ms, mean \d+\.\d\d ms$/m);
  assert.match(printed, /^unique keys {4}\d+, estimated \d+ \([+-]\d+\.\d\d %\)$/m);
});

Deno.test("A run is reported as one JSON object with the promised members", async () => {
  const report = JSON.parse((await command(...QUICK, "--json")).printed);
  const promised = [
    "requests",
    "hits",
    "misses",
    "errors",
    "seconds",
    "requestsPerSecond",
    "byteHitRate",
    "upstreamRequests",
    "upstreamBytes",
  ];
  for (const member of promised) assert.equal(typeof report[member], "number", member);
  for (const member of ["p50", "p99", "mean"]) {
    assert.equal(typeof report.latencyMs[member], "number");
  }
  for (const pair of [report.uniqueKeys, report.uniqueBytes]) {
    assert.equal(typeof pair.actual, "number");
    assert.equal(typeof pair.estimated, "number");
  }
  assert.equal(report.settings["num-requests"], 5_000);
  assert.equal(report.hits + report.misses, 5_000);
});

Deno.test("Progress comes in plain lines where there is no terminal", async () => {
  const { told } = await command("--num-requests", "20000", "--progress-interval", "5000");
  assert(told.length >= 3);
  for (const line of told) assert.match(line, /^\d+ of 20000 requests, \d+\.\d % hits$/);
});

Deno.test("All scenarios make one table beside the figures before", async () => {
  const { status, printed } = await command("--scenario", "all", ...QUICK);
  assert.equal(status, 0);
  const rows = printed.split("\n");
  assert.match(rows[0]!, /^scenario +hit % +p50 ms +p99 ms +mean ms +seconds$/);
  assert.match(rows[2]!, /^default +\d+\.\d \(54\.2\) .* \(7\.35\) .* \(2\.94\) .* \(18\.9\)$/);
  assert.equal(rows.filter((row) => row.includes(" (")).length, 9);
});

Deno.test("One scenario can be run with flags beside it", async () => {
  const args = ["--scenario", "scan", "--json", "--num-objects", "10", ...QUICK];
  const [result] = JSON.parse((await command(...args)).printed);
  assert.equal(result.scenario, "scan");
  assert(result.report.hitRate > 0.99);
});

Deno.test("Faults are told line by line, and end with status 2", async () => {
  const { status, printed, told } = await command("--seed", "x", "--pattern", "y");
  assert.equal(status, 2);
  assert.equal(printed, "");
  assert.equal(told.length, 2);
});

Deno.test("A trace without requests is a fault, however it is replayed", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, "time,key,size\n");
  for (const more of [[], ["--policies", "lru,belady"], ["--real-time"], ["--no-cache"]]) {
    const { status, printed, told } = await command("--trace", path, ...more);
    assert.deepEqual({ status, printed, told }, {
      status: 2,
      printed: "",
      told: [`--trace: ${path}: has no requests`],
    });
  }
  await Deno.remove(path);
});

Deno.test("The manual ends with status 0", async () => {
  const { status, printed } = await command("--help", "--nonsense");
  assert.equal(status, 0);
  assert.match(printed, /--zipf-exponent X \(1\.0\)/);
});

Deno.test("Policies and sizes are compared in one table", async () => {
  const policies = ["s3-fifo", "lru", "fifo", "sieve", "w-tinylfu", "belady"];
  const args = ["--policies", policies.join(), "--cache-max-size", "2MB,20MB", "--json", ...QUICK];
  const { runs, uniqueKeys, dollarsPerDayUncached } = JSON.parse((await command(...args)).printed);
  assert.equal(runs.length, 12);
  assert.deepEqual(runs.slice(0, 6).map(({ policy }: { policy: string }) => policy), policies);
  for (const run of runs) {
    assert.equal(run.requests, 5_000);
    assert(run.cache.bytes <= run.maxBytes);
    assert(run.dollarsPerDay > 0 && run.dollarsPerDay < dollarsPerDayUncached);
  }
  const rates = runs.map(({ hitRate }: { hitRate: number }) => hitRate);
  assert(rates.slice(0, 5).every((rate: number) => rate < rates[5]));
  assert(rates.every((rate: number, i: number) => i < 6 || rate > rates[i - 6]));
  assert(uniqueKeys.actual > 0);
  const { printed } = await command("--policies", "lru", ...QUICK, "--requests-per-day", "1000000");
  assert.match(printed, /^10 MB +lru +\d+\.\d\d/m);
  assert.match(printed, /^At 1000000 requests a day, which cost \d+\.\d\d \$ without a cache\.$/m);
});

Deno.test("A workload is exported, and the trace gives the same hits", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/trace.csv.zst`;
  assert.deepEqual(await command(...QUICK, "--export", path), {
    status: 0,
    printed: `wrote 5000 requests to ${path}`,
    told: [],
  });
  const bound = ["--cache-max-entries", "1000", "--json"];
  const [made, read] = await Promise.all([
    command(...QUICK, ...bound),
    command("--trace", path, "--progress-interval", "0", ...bound),
  ]);
  const [of, from] = [made, read].map(({ printed }) => JSON.parse(printed));
  assert.deepEqual({ ...from, settings: 0 }, { ...of, settings: 0 });
  const few = await command("--trace", path, ...QUICK, "--num-requests", "100", "--json");
  assert.equal(JSON.parse(few.printed).requests, 100);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("Flags that do not go together are refused", async () => {
  for (
    const args of [
      ["--no-cache", "--policies", "lru"],
      ["--no-cache", "--cache-max-size", "1MB,2MB"],
      ["--scenario", "all", "--trace", "t.csv"],
      ["--scenario", "scan", "--policies", "lru"],
    ]
  ) {
    const { status, told } = await command(...args);
    assert.equal(status, 2);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /^--[a-z-]+: not beside --[a-z-]+: /);
  }
});

Deno.test("A comparison is written as a page, or it is told why not", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/out.html`;
  const { status, printed } = await command("--report", path, ...QUICK);
  assert.equal(status, 0);
  assert.match(printed, /^1\.25 MB +s3-fifo/m);
  assert.match(await Deno.readTextFile(path), /^<!doctype html>/);
  await Deno.remove(directory, { recursive: true });
  const refused = await command("--report", "/nowhere/out.html", ...QUICK);
  assert.equal(refused.status, 2);
  assert.deepEqual(refused.told, [
    "--report: /nowhere/out.html: no such file or directory",
  ]);
});

Deno.test("A cache for which there is no memory is told, and so is what to do", async () => {
  const args = ["--cache-max-size", "500TB", "--cache-max-entries", "16777216", ...QUICK];
  const { status, told } = await command(...args);
  assert.equal(status, 2);
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^--cache-max-size: 500 TB for 16777216 entries: .*; --policies s3-fifo /);
  assert.equal((await command(...args, "--policies", "s3-fifo")).status, 0);
});
