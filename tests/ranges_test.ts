import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { assertAgree } from "./_agreement.ts";
import type { TestRequest } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { expectAgreement } from "./_expect_agreement.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./_proxy.ts";

const TARGET = "/bucket/key";
const WHOLE: TestRequest = { target: TARGET };
const SIZE = 3_000_000;
const BODY = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) % 251);
const SMALL = BODY.subarray(0, 50_000);

function range(value: string, ...headers: HeaderPair[]): TestRequest {
  return { target: TARGET, headers: [["range", `bytes=${value}`], ...headers] };
}

/** Each worker learns for itself what is small. */
const workers = Number(Deno.env.get("S3_EDGE_CACHE_TEST_WORKERS") ?? "1");

async function start(
  body: Uint8Array | string = BODY,
  options: TestProxyOptions = {},
): Promise<TestProxy> {
  const proxy = await startTestProxy(options);
  proxy.origin.put("bucket", "key", body);
  return proxy;
}

/** What the proxy asked the origin last, before the test itself did. */
function asked({ origin }: TestProxy): readonly string[] {
  const { headers } = origin.calls.at(-2)!;
  return headers.filter(([name]) => name === "range" || name.startsWith("if-")).map(String);
}

Deno.test("a range of an object that is not held is an entry of its own", async () => {
  await using proxy = await start();
  for (
    const value of ["0-9", "5-9", "1000000-2000000", "2999990-", "-10", "0-", "2999999-9999999"]
  ) {
    const first = await expectAgreement(proxy, range(value), "MISS");
    assert.equal(first.status, 206);
    const kept = first.header("cache-status")!.endsWith("; stored");
    assert.equal(kept, true, value);
    await expectAgreement(proxy, range(value), "HIT");
    await expectAgreement(
      proxy,
      { ...range(value), target: `${TARGET}?response-content-type=a` },
      "HIT",
    );
  }
  await expectAgreement(proxy, range("00-009 "), "HIT");
  assert.equal(proxy.cache.stats().entries, 7);
});

Deno.test("conditions and If-Range hold on a range that is held", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, range("5-9"), "MISS");
  const { etag } = proxy.origin.get("bucket", "key")!;
  for (
    const [field, value, status, cache] of [
      ["if-none-match", etag, 304, "HIT"],
      ["if-match", etag, 206, "HIT"],
      ["if-match", '"other"', 412, "HIT"],
      ["if-range", etag, 206, "HIT"],
      ["if-range", '"other"', 200, "MISS"],
      ["if-none-match", '"other"', 206, "HIT"],
    ] as const
  ) {
    const answer = await expectAgreement(proxy, range("5-9", [field, value]), cache);
    assert.equal(answer.status, status, `${field}: ${value}`);
  }
});

const IGNORED = ["9-5", "0-1,4-5", "-", "a-b", "-0", "3000000-", "99999999999999999999-"];

Deno.test("what is no range of the object is the origin's to answer, and is not kept", async () => {
  await using proxy = await start();
  for (const value of IGNORED) {
    for (let i = 0; i < 2; i++) await expectAgreement(proxy, range(value), "MISS");
  }
  assert.equal(proxy.cache.stats().entries, 0);
});

Deno.test("an object is kept whole from then on that all of it is known to be small", async () => {
  await using proxy = await start(SMALL);
  await expectAgreement(proxy, range("5-9"), "MISS");
  assert.deepEqual(asked(proxy), ["range,bytes=5-9"]);
  if (workers > 1) {
    for (let i = 1; i < workers; i++) {
      await proxy.client.send(range(`7-${7 + i}`));
    }
  }
  const answer = await expectAgreement(proxy, range("40000-40009"), "MISS");
  assert.equal(answer.header("cache-status"), "s3-edge-cache; fwd=uri-miss; stored");
  assert.deepEqual(asked(proxy), []);
  for (const request of [WHOLE, range("5-9"), range("-7"), range("60000-")]) {
    await expectAgreement(proxy, request, "HIT");
  }
  await expectAgreement(proxy, { method: "HEAD", target: TARGET }, "HIT");
  assert.equal(proxy.cache.stats().entries, 1);
});

Deno.test("a HEAD tells that an object is small", async () => {
  await using proxy = await start(SMALL);
  for (let i = 0; i < workers; i++) {
    await expectAgreement(proxy, { method: "HEAD", target: TARGET }, "MISS");
  }
  await expectAgreement(proxy, range("5-9", ["if-range", '"other"']), "MISS");
  assert.deepEqual(asked(proxy), []);
  await expectAgreement(proxy, range("7-9"), "HIT");
});

Deno.test("the size up to which an object is fetched whole is a setting", async () => {
  for (const [wholeObjectBytes, cache] of [[49_999, "MISS"], [50_000, "HIT"]] as const) {
    await using proxy = await start(SMALL, { reads: { wholeObjectBytes } });
    for (let i = 0; i < workers; i++) await proxy.client.head(TARGET);
    await expectAgreement(proxy, range("5-9"), "MISS");
    await expectAgreement(proxy, range("7-9"), cache);
  }
});

Deno.test("a small object that has grown is read by ranges again", async () => {
  await using proxy = await start(SMALL, { cache: { maxObjectBytes: 100_000 } });
  for (let i = 0; i < workers; i++) await proxy.client.head(TARGET);
  proxy.origin.put("bucket", "key", BODY);
  for (let i = 0; i < workers; i++) {
    const answer = await proxy.client.send(range("5-9"));
    assertAgree(answer, await proxy.direct.send(range("5-9")), "grown");
  }
  await proxy.client.send(range("7-9"));
  await expectAgreement(proxy, range("7-9"), "HIT");
});

Deno.test("a whole entry takes the place of its ranges", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, range("5-9"), "MISS");
  await expectAgreement(proxy, range("0-0"), "MISS");
  await expectAgreement(proxy, { ...WHOLE, headers: [["x-amz-checksum-mode", "ENABLED"]] }, "MISS");
  assert.equal(proxy.cache.stats().entries, 3);
  await expectAgreement(proxy, WHOLE, "MISS");
  assert.equal(proxy.cache.stats().entries, 2);
  await expectAgreement(proxy, range("5-9"), "HIT");
});

for (const write of ["PUT", "DELETE"] as const) {
  Deno.test(`a ${write} drops the ranges of an object`, async () => {
    await using proxy = await start();
    await expectAgreement(proxy, range("5-9"), "MISS");
    const body = write === "PUT" ? { body: "0123456789" } : {};
    await proxy.client.send({ method: write, target: TARGET, ...body });
    assert.equal(proxy.cache.stats().entries, 0);
    const answer = await expectAgreement(proxy, range("5-9"), "MISS");
    if (write === "PUT") assert.equal(answer.text, "56789");
    else assert.equal(answer.status, 404);
  });
}

Deno.test("a PUT that overtakes the fetching of a range leaves nothing stale", async () => {
  await using proxy = await start();
  for (const phase of ["head", "body"] as const) {
    using held = proxy.origin.hold({ operation: "GetObject", phase });
    const slow = proxy.client.send(range("5-9"));
    await held.arrived;
    await proxy.client.put(TARGET, BODY.toReversed());
    held.release();
    assert.equal((await slow).status, 206);
    await expectAgreement(proxy, range("5-9"), "MISS");
    await proxy.client.put(TARGET, BODY);
  }
});

Deno.test("ranges of two versions are never held beside each other", async () => {
  await using proxy = await start();
  for (const value of ["0-9", "10-19", "20-29"]) await expectAgreement(proxy, range(value), "MISS");
  proxy.origin.put("bucket", "key", BODY.toReversed());
  assert.deepEqual((await proxy.client.send(range("0-9"))).body, BODY.subarray(0, 10));
  await expectAgreement(proxy, range("30-39"), "MISS");
  for (const value of ["0-9", "10-19", "20-29"]) await expectAgreement(proxy, range(value), "MISS");
  for (const value of ["0-9", "10-19", "30-39"]) await expectAgreement(proxy, range(value), "HIT");
});

Deno.test("a range that is of another version than the whole shows that to be outdated", async () => {
  await using proxy = await start();
  const checked: HeaderPair = ["x-amz-checksum-mode", "ENABLED"];
  await expectAgreement(proxy, WHOLE, "MISS");
  proxy.origin.put("bucket", "key", BODY.toReversed());
  await expectAgreement(proxy, range("0-9", checked), "MISS");
  await expectAgreement(proxy, range("0-9"), "MISS");
});

Deno.test("ranges of versions that are asked for by id are held beside each other", async () => {
  await using proxy = await startTestProxy();
  const { origin } = proxy;
  origin.bucket("bucket").versioning = "Enabled";
  const ids = [BODY, BODY.toReversed()].map((body) => origin.put("bucket", "key", body).versionId);
  const version = (id: string) => ({ ...range("0-9"), target: `${TARGET}?versionId=${id}` });
  for (const cache of ["MISS", "HIT"]) {
    for (const id of ids) await expectAgreement(proxy, version(id), cache);
    await expectAgreement(proxy, range("0-9"), cache);
  }
});

Deno.test("keys that some servers take for one are not read by ranges of the other", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "a/b", BODY);
  proxy.origin.put("bucket", "a//b", BODY.toReversed());
  for (let i = 0; i < 2; i++) {
    await expectAgreement(proxy, { ...range("0-9"), target: "/bucket/a//b" }, "MISS");
    await expectAgreement(
      proxy,
      { ...range("0-9"), target: "/bucket/a/b" },
      i === 0 ? "MISS" : "HIT",
    );
  }
});

Deno.test("a range that is stale is asked about", async () => {
  let time = Date.now();
  await using proxy = await start(BODY, { now: () => time, cache: { ttlMs: 60_000 } });
  const { etag } = proxy.origin.get("bucket", "key")!;
  await expectAgreement(proxy, range("5-9"), "MISS");
  for (const extra of [[], [["if-range", etag]], [["if-range", '"other"']]] as HeaderPair[][]) {
    time += 60_000;
    const answer = await proxy.client.send(range("5-9", ...extra));
    const renewed = extra[0]?.[1] !== '"other"';
    assert.equal(answer.header("x-cache"), renewed ? "REVALIDATED" : "MISS");
    assertAgree(answer, await proxy.direct.send(range("5-9", ...extra)), `${extra}`);
    await expectAgreement(proxy, range("5-9"), "HIT");
  }
  time += 60_000;
  proxy.origin.put("bucket", "key", BODY.toReversed());
  await expectAgreement(proxy, range("5-9"), "MISS");
  assert.deepEqual(asked(proxy), ["range,bytes=5-9", `if-none-match,${etag}`]);
  await expectAgreement(proxy, range("5-9"), "HIT");
});

Deno.test("clients that ask for one range together cost one request", async () => {
  await using proxy = await start();
  const large = range("1000000-2999999");
  using held = proxy.origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const answers = Array.from({ length: 20 }, () => proxy.client.send(large));
  await held.arrived;
  await eventually(() => proxy.cache.stats().leases === 20, "all read along");
  held.release();
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.status, 206);
    assert.deepEqual(answer.body, BODY.subarray(1_000_000));
  }
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
});

Deno.test("an answer that is another range than the asked one is not kept", async () => {
  await using proxy = await start();
  for (const wrong of ["bytes 5-8/3000000", "bytes 5-9/*", "bytes 4-8/3000000", "none"]) {
    proxy.origin.fault({ operation: "GetObject" }, {
      kind: "alter",
      alter: (answer) => ({
        ...answer,
        headers: answer.headers.map(([name, value]) =>
          [name, name === "Content-Range" ? wrong : value] as const
        ),
      }),
    });
    const answer = await proxy.client.send(range("5-9"));
    assert.equal(answer.header("content-range"), wrong);
  }
  assert.equal(proxy.cache.stats().entries, 0);
});

for (const kind of ["cut", "stall"] as const) {
  Deno.test(`a range of which only a part comes is cut off and not kept: ${kind}`, async () => {
    await using proxy = await start(BODY, { upstream: { idleTimeoutMs: 200 } });
    proxy.origin.fault({}, { kind, bytes: 3 });
    await assert.rejects(proxy.client.send(range("5-9")));
    assert.equal(proxy.cache.stats().entries, 0);
    await expectAgreement(proxy, range("5-9"), "MISS");
  });
}
