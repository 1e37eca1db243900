import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";

const TARGET = "/bucket/key";
/** Each worker learns for itself whether the origin answers. */
const workers = Number(Deno.env.get("S3_EDGE_CACHE_TEST_WORKERS") ?? "1");
const READ: TestRequest = { target: TARGET };
const HEAD: TestRequest = { method: "HEAD", target: TARGET };
const RANGE: TestRequest = { target: TARGET, headers: [["range", "bytes=2-4"]] };
const TTL_MS = 60_000;
const WINDOW_MS = 30_000;

interface Aging extends TestProxy {
  age(milliseconds: number): void;
}

/** A proxy that holds an object of ten bytes. */
async function aging(
  reads: TestProxyOptions["reads"],
  { fields = [], ...options }: TestProxyOptions & { fields?: readonly HeaderPair[] } = {},
): Promise<Aging> {
  let time = Date.now();
  const now = () => time;
  const proxy = await startTestProxy({ now, cache: { ttlMs: TTL_MS }, reads: reads!, ...options });
  proxy.origin.put("bucket", "key", "0123456789", fields);
  await expect(proxy, READ, "MISS");
  return Object.assign(proxy, { age: (milliseconds: number) => void (time += milliseconds) });
}

async function expect(proxy: TestProxy, request: TestRequest, cache: string): Promise<Answer> {
  const answer = await proxy.client.send(request);
  assert.equal(answer.header("x-cache") ?? "none", cache, answer.text);
  return answer;
}

const IF_ERROR = { staleIfErrorMs: WINDOW_MS };
const WHILE_REVALIDATING = { staleWhileRevalidateMs: WINDOW_MS };

Deno.test("what is stale answers where the origin fails, for as long as it is let", async () => {
  await using proxy = await aging(IF_ERROR);
  proxy.age(TTL_MS + WINDOW_MS - 1);
  for (const status of [500, 502, 503, 504]) {
    for (const request of [READ, HEAD, RANGE]) {
      proxy.origin.fault({}, { kind: "error", status, code: "InternalError" });
      const answer = await expect(proxy, request, "STALE");
      assert.equal(answer.header("age"), "89");
      assert.equal(answer.header("cache-status"), "s3-edge-cache; hit; ttl=-29");
      if (request === READ) assert.equal(answer.text, "0123456789");
      if (request === RANGE) assert.deepEqual([answer.status, answer.text], [206, "234"]);
    }
  }
  await proxy.origin.stop();
  assert.equal((await expect(proxy, READ, "STALE")).text, "0123456789");
  const told = proxy.events.filter((event) => event.startsWith("warn a stale entry answers"));
  assert.ok(told.some((event) => event.includes("status 502")), told.join("\n"));
  proxy.origin.resume();
  await proxy.client.send(READ);
  await eventually(() => proxy.cache.stats().fills === 0, "it has answered");
  await expect(proxy, READ, "HIT");
  proxy.age(TTL_MS + WINDOW_MS);
  proxy.origin.fault({}, { kind: "error", status: 503, code: "SlowDown" });
  assert.equal((await expect(proxy, READ, "MISS")).status, 503);
  await expect(proxy, READ, "REVALIDATED");
});

Deno.test("what is stale answers where the origin says nothing", async () => {
  await using proxy = await aging(IF_ERROR, { upstream: { firstByteTimeoutMs: 200 } });
  proxy.age(TTL_MS);
  proxy.origin.fault({}, { kind: "silence" });
  assert.equal((await expect(proxy, READ, "STALE")).text, "0123456789");
});

Deno.test("one waits for an origin that gave no answer, and not all again and again", async () => {
  await using proxy = await aging(IF_ERROR);
  proxy.age(TTL_MS);
  await proxy.origin.stop();
  for (let i = 0; i < workers; i++) await expect(proxy, READ, "STALE");
  proxy.origin.resume();
  using held = proxy.origin.hold({ operation: "GetObject", phase: "request" });
  for (const request of [READ, RANGE, HEAD, READ]) await expect(proxy, request, "STALE");
  await held.arrived;
  held.release();
  await eventually(() => proxy.cache.stats().fills === 0, "it has answered");
  await expect(proxy, READ, "HIT");
});

Deno.test("all who wait for an origin that fails are served what is stale", async () => {
  for (const fault of ["error", "hang_up"] as const) {
    await using proxy = await aging(IF_ERROR);
    proxy.age(TTL_MS);
    if (fault === "error") {
      proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
    }
    using held = proxy.origin.hold({ operation: "GetObject", phase: "request" });
    const answers = Array.from({ length: 5 }, () => proxy.client.send(READ));
    await held.arrived;
    await eventually(() => proxy.cache.stats().leases === 9, "four wait beside the leader");
    if (fault === "error") held.release();
    else await proxy.origin.stop();
    for (const answer of await Promise.all(answers)) {
      assert.deepEqual([answer.text, answer.header("x-cache")], ["0123456789", "STALE"]);
    }
  }
});

Deno.test("nothing stale answers unless that is set", async () => {
  await using proxy = await aging({});
  proxy.age(TTL_MS);
  proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
  assert.equal((await expect(proxy, READ, "MISS")).status, 500);
  await proxy.origin.stop();
  assertS3Error(await proxy.client.send(READ), 503, "ServiceUnavailable");
  proxy.origin.resume();
  await expect(proxy, READ, "REVALIDATED");
});

for (const [status, code] of [[403, "AccessDenied"], [404, "NoSuchKey"]] as const) {
  Deno.test(`nothing stale answers after a ${status}`, async () => {
    await using proxy = await aging(IF_ERROR);
    for (const request of [READ, HEAD, RANGE]) {
      proxy.age(TTL_MS);
      proxy.origin.fault({}, { kind: "error", status, code });
      assert.equal((await expect(proxy, request, "MISS")).status, status);
      proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
      assert.equal((await expect(proxy, READ, "MISS")).status, 500);
      await expect(proxy, READ, "MISS");
    }
  });
}

for (const directive of ["must-revalidate", "no-cache", "public, s-maxage=1"]) {
  Deno.test(`an object with Cache-Control: ${directive} is never served stale`, async () => {
    const fields: HeaderPair[] = [["cache-control", directive]];
    await using proxy = await aging({ ...IF_ERROR, ...WHILE_REVALIDATING }, { fields });
    proxy.age(TTL_MS);
    proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
    assert.equal((await expect(proxy, READ, "MISS")).status, 500);
    await expect(proxy, READ, "REVALIDATED");
  });
}

Deno.test("who demands the origin's word is not served what is stale", async () => {
  await using proxy = await aging({ ...IF_ERROR, ...WHILE_REVALIDATING });
  const demand: TestRequest = { ...READ, headers: [["cache-control", "no-cache"]] };
  proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
  assert.equal((await expect(proxy, demand, "MISS")).status, 500);
  proxy.age(TTL_MS);
  await expect(proxy, demand, "REVALIDATED");
});

Deno.test("a write drops what is stale", async () => {
  await using proxy = await aging({ ...IF_ERROR, ...WHILE_REVALIDATING });
  proxy.age(TTL_MS);
  await proxy.client.put(TARGET, "new");
  proxy.origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
  assert.equal((await expect(proxy, READ, "MISS")).status, 500);
  assert.equal((await expect(proxy, READ, "MISS")).text, "new");
});

Deno.test("what is stale answers while the origin is asked, once for all", async () => {
  await using proxy = await aging(WHILE_REVALIDATING);
  proxy.age(TTL_MS);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  for (const request of [READ, RANGE, HEAD, READ]) {
    const answer = await expect(proxy, request, "STALE");
    assert.equal(answer.header("cache-status"), "s3-edge-cache; hit; ttl=0");
  }
  await held.arrived;
  held.release();
  await eventually(() => proxy.cache.stats().fills === 0, "the origin has answered");
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 2);
  await expect(proxy, READ, "HIT");
  proxy.age(TTL_MS + WINDOW_MS);
  await expect(proxy, READ, "REVALIDATED");
});

Deno.test("an object that has changed is fetched whole while what is stale answers", async () => {
  await using proxy = await aging(WHILE_REVALIDATING);
  const large = new Uint8Array(1_000_000).fill(9);
  for (const request of [READ, RANGE]) {
    await proxy.client.put(TARGET, "0123456789");
    await expect(proxy, READ, "MISS");
    proxy.age(TTL_MS);
    proxy.origin.put("bucket", "key", large);
    assert.match((await expect(proxy, request, "STALE")).text, /^(0123456789|234)$/);
    await eventually(() => proxy.cache.stats().fills === 0, "the object has come");
    assert.deepEqual((await expect(proxy, READ, "HIT")).body, large);
  }
});

Deno.test("an origin that fails in the background is the operator's to know", async () => {
  await using proxy = await aging(WHILE_REVALIDATING);
  proxy.age(TTL_MS);
  await proxy.origin.stop();
  await expect(proxy, READ, "STALE");
  await eventually(
    () => proxy.events.some((event) => event.startsWith("warn an entry could not be revalidated")),
    "it is logged",
  );
  proxy.origin.resume();
  await expect(proxy, READ, "STALE");
  await eventually(() => proxy.cache.stats().fills === 0, "the origin has answered");
  await expect(proxy, READ, "HIT");
});
