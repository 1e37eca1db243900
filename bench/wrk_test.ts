import assert from "node:assert/strict";
import { parseWrkReport } from "./wrk.ts";

Deno.test("wrk's report is its last line", () => {
  const report = {
    ...{ requests: 9, microseconds: 5, p50: 1, p99: 2 },
    ...{ refused: 0, broken: 3, again: 0 },
  };
  const output = `Running 1s test @ http://127.0.0.1:1\n  1 threads\n\n${JSON.stringify(report)}\n`;
  assert.deepEqual(parseWrkReport(output), report);
});

Deno.test("a run without a report is an error that shows what there was", () => {
  assert.throws(() => parseWrkReport("unable to connect\n"), /unable to connect/);
  assert.throws(() => parseWrkReport('{"requests":9}\n'), SyntaxError);
});
