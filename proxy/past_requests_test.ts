import assert from "node:assert/strict";
import { OPERATIONS, type Route } from "@s3-edge-cache/s3";
import { PastRequests } from "./past_requests.ts";
import { Trace } from "./trace.ts";

const operation = OPERATIONS.find(({ name }) => name === "GetObject")!;

/** The trace of a request that ended a moment ago. */
function traceOf(route: Partial<Route>, bytes = 0): Trace {
  const trace = new Trace(performance.now() - 5);
  trace.route = { operation, bucket: "bucket", key: "key", versionId: undefined, ...route };
  trace.durationMs = 4;
  trace.bytes = bytes;
  trace.status = 200;
  trace.outcome = "hit";
  return trace;
}

Deno.test("a request is told as it was", () => {
  const past = new PastRequests(4);
  const trace = traceOf({ versionId: "v1" }, 10);
  trace.why = "stale";
  past.add(trace, "ID", "bytes=0-9");
  const [{ time, ...rest } = assert.fail("none"), ...more] = past.of("bucket", "key", 10);
  assert.deepEqual(more, []);
  assert.ok(Math.abs(time - Date.now()) < 1_000);
  assert.deepEqual(rest, {
    requestId: "ID",
    operation: "GetObject",
    version: "v1",
    range: "bytes=0-9",
    status: 200,
    outcome: "hit",
    why: "stale",
    bytes: 10,
    durationMs: 4,
  });
});

Deno.test("the latest requests of an object are told, the last first, and no other's", () => {
  const past = new PastRequests(4);
  for (let i = 0; i < 7; i++) {
    past.add(traceOf({ key: i % 2 === 0 ? "even" : "odd" }), `${i}`, undefined);
  }
  const ids = (bucket: string, key: string, most = 10) =>
    past.of(bucket, key, most).map(({ requestId }) => requestId);
  assert.deepEqual(ids("bucket", "even"), ["6", "4"]);
  assert.deepEqual(ids("bucket", "odd"), ["5", "3"]);
  assert.deepEqual(ids("bucket", "even", 1), ["6"]);
  assert.deepEqual(ids("bucket2", "even"), []);
  assert.deepEqual(new PastRequests(4).of("bucket", "key", 10), []);
});
