import assert from "node:assert/strict";
import { UsageError } from "../flags/command_line.ts";
import { createProgress } from "../progress.ts";
import { type RequestSource, type SimRequest, simRequest } from "../workload/sim_request.ts";
import { exportTrace } from "./export_trace.ts";
import { openTrace } from "./trace.ts";

const silent = createProgress({
  terminal: false,
  interval: 0,
  source: { length: 0 },
  write: () => {},
});

function sourceOf(requests: readonly SimRequest[]): RequestSource {
  return {
    length: requests.length,
    foreseen: false,
    async *batches(): AsyncGenerator<readonly SimRequest[]> {
      yield* await Promise.resolve([requests.slice(0, 3), requests.slice(3)]);
    },
  };
}

const REQUESTS = [
  simRequest(1_000, "read", "b/one", 10),
  simRequest(2_500, "write", "b/one", 0),
  simRequest(3_000, "read", 'b/t"w,o', 20),
  simRequest(3_000, "head", "b/one", 0),
  simRequest(9_000, "read", "b/one", 10),
  simRequest(9_500, "delete", "b/one", 0),
];

Deno.test("What is exported is read again, in every format and compression", async () => {
  const directory = await Deno.makeTempDir();
  for (const name of ["t.csv", "t.csv.gz", "t.csv.zst", "t.jsonl", "t.jsonl.gz", "t.log.zst"]) {
    const path = `${directory}/${name}`;
    const exported = await exportTrace(path, sourceOf(REQUESTS), silent);
    assert.deepEqual(exported, { written: 6, leftOut: 0 });
    const source = await openTrace(path, "auto", Infinity);
    assert.deepEqual((await Array.fromAsync(source.batches())).flat(), REQUESTS, name);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("oracleGeneral has the reads alone, with their next uses", async () => {
  const directory = await Deno.makeTempDir();
  for (const name of ["t.oracleGeneral", "t.oracleGeneral.zst", "t.oracleGeneral.bin.gz"]) {
    const path = `${directory}/${name}`;
    const exported = await exportTrace(path, sourceOf(REQUESTS), silent);
    assert.deepEqual(exported, { written: 3, leftOut: 3 });
    const source = await openTrace(path, "auto", Infinity);
    const requests = (await Array.fromAsync(source.batches())).flat();
    assert.deepEqual(requests.map(({ time, size, nextUse }) => [time, size, nextUse]), [
      [1_000, 10, 2],
      [3_000, 20, Infinity],
      [9_000, 10, Infinity],
    ]);
    assert.equal(requests[0]!.key, requests[2]!.key);
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("A file that can't be written is told in one line", async () => {
  const refused = (path: string, fault: RegExp) =>
    assert.rejects(exportTrace(path, sourceOf(REQUESTS), silent), (error: Error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, fault);
      assert(!error.message.includes("\n"));
      return true;
    });
  await refused("t.parquet", /^--export: "t\.parquet"; allowed: a name that ends with \.csv/);
  await refused("/nowhere/t.csv", /^--export: \/nowhere\/t\.csv: no such file or directory$/);
});
