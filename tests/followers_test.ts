import assert from "node:assert/strict";
import { eventually } from "./_eventually.ts";
import { startTestProxy } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";

const TARGET = "/bucket/key";
const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);

async function readFirst(body: AsyncIterable<Uint8Array>): Promise<AsyncIterator<Uint8Array>> {
  const iterator = body[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).done, false);
  return iterator;
}

Deno.test("200 clients of one cold object cost one origin request", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const answers = Array.from({ length: 200 }, () => proxy.client.get(TARGET));
  await held.arrived;
  held.release();
  for (const answer of await Promise.all(answers)) assert.deepEqual(answer.body, BODY);
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
  const outcomes = new Set((await Promise.all(answers)).map((answer) => answer.header("x-cache")));
  assert.ok(outcomes.has("MISS") && outcomes.has("FOLLOW"));
});

Deno.test("a follower's first bytes come before the last of the leader's", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const leader = proxy.client.send({ target: TARGET });
  await held.arrived;
  const follower = await proxy.client.open({ target: TARGET });
  assert.deepEqual(follower.headers.find(([name]) => name === "x-cache"), ["x-cache", "FOLLOW"]);
  const rest = await readFirst(follower.body);
  held.release();
  while (!(await rest.next()).done);
  assert.deepEqual((await leader).body, BODY);
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
});

Deno.test("a leader that leaves does not end the fill while another follows", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const leader = await proxy.client.open({ target: TARGET });
  await held.arrived;
  const follower = await proxy.client.open({ target: TARGET });
  leader.body.destroy();
  const rest = await readFirst(follower.body);
  await eventually(async () => (await proxy.cache.stats()).leases === 1, "the leader left");
  held.release();
  while (!(await rest.next()).done);
  assert.equal((await proxy.client.get(TARGET)).header("x-cache"), "HIT");
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
});

Deno.test("a leader that leaves before the head does not cost its followers anything", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const leaving = new AbortController();
  const leader = proxy.client.open({ target: TARGET, signal: leaving.signal });
  await held.arrived;
  const follower = proxy.client.get(TARGET);
  await eventually(async () => (await proxy.cache.stats()).leases === 1, "one follows");
  leaving.abort();
  await assert.rejects(leader);
  held.release();
  assert.deepEqual((await follower).body, BODY);
});

Deno.test("when the origin can't be reached, every follower gets the error", async () => {
  await using proxy = await startTestProxy({ upstream: { firstByteTimeoutMs: 300 } });
  proxy.origin.fault({}, { kind: "silence" }, 100);
  const answers = await Promise.all(Array.from({ length: 10 }, () => proxy.client.get(TARGET)));
  for (const answer of answers) assertS3Error(answer, 504, "GatewayTimeout");
  assert.equal(proxy.origin.countCalls(), 1);
});

Deno.test("an error of the origin's is the leader's alone", async () => {
  await using proxy = await startTestProxy();
  using held = proxy.origin.hold({ operation: "GetObject", phase: "request" });
  const leader = proxy.client.get(TARGET);
  await held.arrived;
  const follower = proxy.client.get(TARGET);
  await eventually(async () => (await proxy.cache.stats()).leases === 1, "one follows");
  proxy.origin.fault({ method: "GET" }, { kind: "error", status: 403, code: "AccessDenied" });
  held.release();
  const statuses = [(await leader).status, (await follower).status].sort();
  assert.deepEqual(statuses, [403, 404]);
});

Deno.test("a body that breaks off is broken off for all, and not kept", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const answers = Array.from({ length: 5 }, () => proxy.client.get(TARGET));
  const settled = Promise.allSettled(answers);
  await held.arrived;
  await eventually(async () => (await proxy.cache.stats()).leases === 5, "all read along");
  proxy.origin.hangUp();
  for (const { status } of await settled) assert.equal(status, "rejected");
  assert.equal((await proxy.cache.stats()).entries, 0);
});

Deno.test("a slow reader slows nobody", async () => {
  await using proxy = await startTestProxy();
  const large = new Uint8Array(5_000_000).fill(7);
  proxy.origin.put("bucket", "key", large);
  const slow = await proxy.client.open({ target: TARGET });
  const fast = await proxy.client.get(TARGET);
  assert.deepEqual(fast.body, large);
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
  slow.body.destroy();
});

Deno.test("whoever asks after a write does not follow a fill from before it", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "old");
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const leader = proxy.client.get(TARGET);
  await held.arrived;
  await proxy.client.put(TARGET, "new");
  assert.equal((await proxy.client.get(TARGET)).text, "new");
  held.release();
  assert.equal((await leader).text, "old");
  assert.equal((await proxy.client.get(TARGET)).text, "new");
});
