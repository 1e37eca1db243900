import assert from "node:assert/strict";
import { parseStat, parseStatus } from "./process_usage.ts";

Deno.test("a line of /proc/PID/stat is read past a name with spaces and parentheses", () => {
  const line = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 0 0 0 150 25 3 4 20 0 11 0 99 1 2 3\n";
  assert.deepEqual(parseStat(line), { parent: 7, ticks: 175 });
  assert.throws(() => parseStat("nothing of the kind"), SyntaxError);
});

Deno.test("figures of /proc/PID/status are bytes; what is missing is 0", () => {
  const status = "Name:\tdeno\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n";
  assert.equal(parseStatus(status, "VmRSS"), 102_400 * 1024);
  assert.equal(parseStatus(status, "VmHWM"), 204_800 * 1024);
  assert.equal(parseStatus("Name:\tgone\n", "VmRSS"), 0);
});
