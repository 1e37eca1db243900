import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer } from "./_client.ts";
import { assertAgree } from "./_agreement.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./_proxy.ts";

const TARGET = "/bucket/key";

async function start(
  fields: readonly HeaderPair[] = [],
  options: TestProxyOptions = {},
): Promise<TestProxy> {
  const proxy = await startTestProxy(options);
  proxy.origin.put("bucket", "key", "0123456789", fields);
  return proxy;
}

async function expect(proxy: TestProxy, target: string, cache: string): Promise<Answer> {
  const answer = await proxy.client.get(target);
  assert.equal(answer.header("x-cache"), cache, `${target}: ${answer.text.slice(0, 300)}`);
  return answer;
}

const ERRORS: readonly (readonly [status: number, code: string])[] = [
  [400, "InvalidArgument"],
  [403, "AccessDenied"],
  [404, "NoSuchKey"],
  [405, "MethodNotAllowed"],
  [409, "OperationAborted"],
  [500, "InternalError"],
  [501, "NotImplemented"],
  [503, "SlowDown"],
];

Deno.test("errors of the origin answer one client and are never held", async () => {
  await using proxy = await start();
  for (const [status, code] of ERRORS) {
    proxy.origin.fault({ operation: "GetObject" }, { kind: "error", status, code });
    const answer = await expect(proxy, TARGET, "MISS");
    assert.equal(answer.status, status);
    assert.match(answer.text, new RegExp(`<Code>${code}</Code>`));
    proxy.origin.fault({ operation: "GetObject" }, {
      kind: "answer",
      answer: {
        status,
        headers: [],
        body: new TextEncoder().encode("<Error/>"),
        framing: "length",
      },
    });
    assert.equal((await expect(proxy, TARGET, "MISS")).status, status);
    assert.equal((await proxy.cache.stats()).entries, 0);
  }
  assert.equal((await expect(proxy, TARGET, "MISS")).text, "0123456789");
  assert.equal((await expect(proxy, TARGET, "HIT")).text, "0123456789");
});

Deno.test("an object that appears at the origin is found at once", async () => {
  await using proxy = await startTestProxy();
  assert.equal((await expect(proxy, TARGET, "MISS")).status, 404);
  assert.equal((await proxy.client.head(TARGET)).status, 404);
  proxy.origin.put("bucket", "key", "here");
  assert.equal((await expect(proxy, TARGET, "MISS")).text, "here");
});

Deno.test("an entry that is too old is asked for again", async () => {
  let time = Date.now();
  await using proxy = await start([], { now: () => time, cache: { ttlMs: 60_000 } });
  await expect(proxy, TARGET, "MISS");
  time += 59_000;
  const old = await expect(proxy, TARGET, "HIT");
  assert.equal(old.header("age"), "59");
  assert.equal(old.header("cache-status"), "s3-edge-cache; hit; ttl=1");
  time += 1_000;
  proxy.origin.put("bucket", "key", "new");
  const renewed = await expect(proxy, TARGET, "MISS");
  assert.equal(renewed.text, "new");
  assert.equal(renewed.header("cache-status"), "s3-edge-cache; fwd=stale; stored");
  assert.equal((await expect(proxy, TARGET, "HIT")).header("age"), "0");
});

Deno.test("every answer tells how the cache took part", async () => {
  await using proxy = await start();
  const miss = await expect(proxy, TARGET, "MISS");
  assert.equal(miss.header("cache-status"), "s3-edge-cache; fwd=uri-miss; stored");
  assert.equal(miss.header("age"), undefined);
  const hit = await expect(proxy, TARGET, "HIT");
  assert.match(hit.header("cache-status")!, /^s3-edge-cache; hit; ttl=\d+$/);
  assert.match(hit.header("age")!, /^\d+$/);
  const bypass = await expect(proxy, `${TARGET}?tagging`, "BYPASS");
  assert.equal(bypass.header("cache-status"), "s3-edge-cache; fwd=bypass");
  assert.equal(bypass.header("age"), undefined);
  const missing = await expect(proxy, "/bucket/none", "MISS");
  assert.equal(missing.header("cache-status"), "s3-edge-cache; fwd=uri-miss");
});

Deno.test("Date and request ids are the proxy's own, and new each time", async () => {
  await using proxy = await start();
  const seen = new Set<string>();
  for (const target of [TARGET, TARGET, TARGET, "/bucket/none", "/bucket?location"]) {
    const answer = await proxy.client.get(target);
    const own = answer.headers.filter(([name]) =>
      ["date", "x-amz-request-id", "x-amz-id-2"].includes(name)
    );
    assert.equal(own.length, 3, JSON.stringify(own));
    const id = answer.header("x-amz-request-id")!;
    assert.match(id, /^[0-9A-Z]{16}$/);
    assert.ok(!seen.has(id));
    seen.add(id);
    assert.ok(answer.header("x-amz-id-2")!.length > 16);
    assert.ok(Math.abs(Date.parse(answer.header("date")!) - Date.now()) < 5_000);
  }
});

for (const value of ["no-store", "private, no-store", "No-Store", "max-age=1,no-store"]) {
  Deno.test(`an object with Cache-Control: ${value} is not kept`, async () => {
    await using proxy = await start([["cache-control", value]]);
    for (let i = 0; i < 2; i++) {
      const answer = await expect(proxy, TARGET, "MISS");
      assert.equal(answer.text, "0123456789");
      assert.equal(answer.header("cache-control"), value);
    }
    assert.equal((await proxy.cache.stats()).entries, 0);
  });
}

Deno.test("an object above the limit streams through and is not kept", async () => {
  await using proxy = await startTestProxy({ cache: { maxObjectBytes: 100_000 } });
  const { origin } = proxy;
  const large = new Uint8Array(1_000_000).map((_, i) => i % 253);
  origin.put("bucket", "large", large);
  origin.put("bucket", "small", large.subarray(0, 50_000));
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await expect(proxy, "/bucket/large", "MISS")).body, large);
    await expect(proxy, "/bucket/small", i === 0 ? "MISS" : "HIT");
  }
});

Deno.test("an object that outgrows the limit without having said so goes on, unkept", async () => {
  await using proxy = await startTestProxy({ cache: { maxObjectBytes: 100_000 } });
  const body = new Uint8Array(300_000).map((_, i) => i % 253);
  proxy.origin.fault({ operation: "GetObject" }, {
    kind: "answer",
    answer: { status: 200, headers: [["ETag", '"a-1"']], body, framing: "chunked" },
  }, 2);
  for (let i = 0; i < 2; i++) {
    assert.deepEqual((await expect(proxy, TARGET, "MISS")).body, body);
  }
  assert.equal((await proxy.cache.stats()).entries, 0);
});

Deno.test("a body that is not what its ETag says is not kept", async () => {
  await using proxy = await start();
  proxy.origin.fault({ operation: "GetObject" }, {
    kind: "alter",
    alter: (answer) => ({ ...answer, body: new TextEncoder().encode("012345678X") }),
  });
  assert.equal((await expect(proxy, TARGET, "MISS")).text, "012345678X");
  assert.equal((await expect(proxy, TARGET, "MISS")).text, "0123456789");
  assert.equal((await expect(proxy, TARGET, "HIT")).text, "0123456789");
});

Deno.test("where MD5s are not checked, only the length counts", async () => {
  await using proxy = await start([], { reads: { checkMd5: false } });
  proxy.origin.fault({ operation: "GetObject" }, {
    kind: "alter",
    alter: (answer) => ({ ...answer, body: new TextEncoder().encode("012345678X") }),
  });
  assert.equal((await expect(proxy, TARGET, "MISS")).text, "012345678X");
  assert.equal((await expect(proxy, TARGET, "HIT")).text, "012345678X");
});

Deno.test("path style and virtual-host style share entries", async () => {
  await using proxy = await startTestProxy({
    virtualHostDomain: "s3.test",
    origin: { buckets: ["bucket", "other.bucket"] },
  });
  const { client, origin } = proxy;
  const port = new URL(proxy.url).port;
  const hosted = (bucket: string, target: string) =>
    client.get(target, ["host", `${bucket}.S3.test:${port}`]);
  for (const bucket of ["bucket", "other.bucket"]) {
    origin.put(bucket, "a b/key", bucket);
    const first = await hosted(bucket, "/%61%20b%2fkey");
    assert.deepEqual([first.text, first.header("x-cache")], [bucket, "MISS"]);
    assert.equal((await expect(proxy, `/${bucket}/a%20b/key`, "HIT")).text, bucket);
    assert.equal(origin.calls.at(-1)!.target, `/${bucket}/%61%20b%2fkey`);
    const put = await client.send({
      method: "PUT",
      target: "/a%20b/key",
      headers: [["host", `${bucket}.s3.test`]],
      body: "new",
    });
    assert.equal(put.status, 200, put.text);
    assert.equal((await expect(proxy, `/${bucket}/a%20b/key`, "MISS")).text, "new");
    assert.equal((await hosted(bucket, "/a%20b/key")).header("x-cache"), "HIT");
  }
  const listed = await hosted("bucket", "/?list-type=2");
  assertAgree(listed, await proxy.direct.get("/bucket/?list-type=2"), "list");
});

Deno.test("a host that is not below the domain is path style", async () => {
  await using proxy = await startTestProxy({ virtualHostDomain: "s3.test" });
  proxy.origin.put("bucket", "key", "text");
  for (const host of ["s3.test", "nots3.test", "bucket.s3.test.example"]) {
    const answer = await proxy.client.get(TARGET, ["host", host]);
    assert.equal(answer.text, "text", host);
  }
});

const SPELLINGS: readonly (readonly string[])[] = [
  ["/bucket/a/b", "/bucket/a%2Fb", "/bucket/a%2fb", "/bucket/%61/b", "/buck%65t/a/b"],
  ["/bucket/%C3%A9", "/bucket/%c3%a9", "/bucket/%C3%a9"],
  ["/bucket/~(1)!*'", "/bucket/%7E%281%29%21%2A%27", "/bucket/~%281)!%2a'"],
  ["/bucket/a%2Bb", "/bucket/a%2bb"],
  ["/bucket/a/%2E%2E/x", "/bucket/a/../x", "/bucket/a/%2e./x"],
  ["/bucket/a=b&c;d:e@f,$", "/bucket/a%3Db%26c%3Bd%3Ae%40f%2C%24"],
];

Deno.test("every spelling of a key is one entry", async () => {
  await using proxy = await startTestProxy();
  for (const [first, ...others] of SPELLINGS) {
    const key = decodeURIComponent(first!.slice("/bucket/".length));
    proxy.origin.put("bucket", key, key);
    assert.equal((await expect(proxy, first!, "MISS")).text, key);
    for (const other of others) {
      assert.equal((await expect(proxy, other, "HIT")).text, key, other);
    }
    assert.equal((await proxy.client.put(others[0]!, "new")).status, 200);
    assert.equal((await expect(proxy, first!, "MISS")).text, "new");
  }
});

Deno.test("answers stay right while a small cache evicts", async () => {
  const maxBytes = 128 * 1024;
  await using proxy = await startTestProxy({
    cache: { maxBytes, maxObjectBytes: 32 * 1024, maxEntries: 12, shards: 2 },
  });
  const { origin, cache, client } = proxy;
  const bodies = Array.from(
    { length: 40 },
    (_, key) => new Uint8Array(500 + key * 701).map((_, i) => (i * 7 + key) % 256),
  );
  for (const [key, body] of bodies.entries()) origin.put("bucket", `k${key}`, body);
  let state = 12345;
  const outcomes = new Map<string, number>();
  for (let i = 0; i < 600; i++) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    const key = Math.floor((state / 2 ** 31) ** 2 * bodies.length);
    const answer = await client.get(`/bucket/k${key}`);
    assert.deepEqual(answer.body, bodies[key]);
    const outcome = answer.header("x-cache")!;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const { bytes, entries } = await cache.stats();
    assert.ok(bytes <= maxBytes && entries <= 12, `${bytes} bytes, ${entries} entries`);
  }
  assert.ok(outcomes.get("HIT")! > 50 && outcomes.get("MISS")! > 50, JSON.stringify([...outcomes]));
  assert.ok((await cache.stats()).evictions > 0);
});
