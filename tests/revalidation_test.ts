import assert from "node:assert/strict";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "./_client.ts";
import { assertAgree } from "./_agreement.ts";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./_proxy.ts";

const TARGET = "/bucket/key";
const READ: TestRequest = { target: TARGET };
const BODY = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251);
const TTL_MS = 60_000;

/** A proxy that holds an object, and whose clock a test sets on. */
interface Aging extends TestProxy {
  age(milliseconds: number): void;
}

/** The object was put at the origin's clock, which stands still unless a test moves it. */
async function aging(
  options: TestProxyOptions & { readonly fields?: readonly HeaderPair[] } = {},
): Promise<Aging> {
  let time = Date.now();
  const now = () => time;
  const proxy = await startTestProxy({ now, cache: { ttlMs: TTL_MS }, ...options });
  proxy.origin.put("bucket", "key", BODY, options.fields);
  await expect(proxy, READ, "MISS");
  await expect(proxy, READ, "HIT");
  return Object.assign(proxy, { age: (milliseconds: number) => void (time += milliseconds) });
}

async function expect(proxy: TestProxy, request: TestRequest, cache: string): Promise<Answer> {
  const answer = await proxy.client.send(request);
  assert.equal(answer.header("x-cache"), cache, `${JSON.stringify(request)} ${answer.text}`);
  return answer;
}

/** What the last request to the origin said of conditions and ranges. */
function asked({ origin }: TestProxy): HeaderPair[] {
  return origin.calls.at(-1)!.headers.filter(([name]) =>
    name.startsWith("if-") || name === "range"
  );
}

function etag({ origin }: TestProxy): string {
  return origin.get("bucket", "key")!.etag;
}

Deno.test("an entry past its time is asked about, and lives on if it is still good", async () => {
  await using proxy = await aging();
  proxy.age(TTL_MS);
  const answer = await expect(proxy, READ, "REVALIDATED");
  assert.deepEqual(asked(proxy), [["if-none-match", etag(proxy)]]);
  assert.equal(answer.header("age"), "0");
  assert.equal(
    answer.header("cache-status"),
    "s3-edge-cache; fwd=stale; fwd-status=304; ttl=60",
  );
  assertAgree(answer, await proxy.direct.send(READ), "revalidated");
  proxy.age(TTL_MS - 1);
  assert.equal((await expect(proxy, READ, "HIT")).header("age"), "59");
  proxy.age(1);
  await expect(proxy, READ, "REVALIDATED");
});

const SHAPES: readonly TestRequest[] = [
  { method: "HEAD", target: TARGET },
  { target: TARGET, headers: [["range", "bytes=5-9"]] },
  { target: TARGET, headers: [["range", "bytes=5-9"], ["if-range", '"other"']] },
  { target: TARGET, headers: [["range", "bytes=50000-"]] },
  { target: TARGET, headers: [["if-none-match", "*"]] },
  { target: TARGET, headers: [["if-match", '"other"']] },
  { target: `${TARGET}?response-content-type=a%2Fb` },
];

for (const request of SHAPES) {
  const name = `${request.method ?? "GET"} ${request.target} ${request.headers ?? ""}`;
  Deno.test(`every read of a stale entry is answered as the origin would: ${name}`, async () => {
    await using proxy = await aging();
    proxy.age(TTL_MS);
    const renewed = await expect(proxy, request, "REVALIDATED");
    assert.deepEqual(asked(proxy), [["if-none-match", etag(proxy)]]);
    assertAgree(renewed, await proxy.direct.send(request), name);
    await expect(proxy, READ, "HIT");
    proxy.age(TTL_MS);
    proxy.origin.put("bucket", "key", "new and much shorter");
    const changed = await expect(proxy, request, "MISS");
    assertAgree(changed, await proxy.direct.send(request), `${name}, changed`);
    const next = await expect(proxy, READ, request.method === "HEAD" ? "MISS" : "HIT");
    assert.equal(next.text, "new and much shorter");
  });
}

Deno.test("a copy that changes metadata alone keeps the ETag, and is noticed", async () => {
  let seconds = Math.floor(Date.now() / 1000) - 300;
  await using proxy = await aging({
    origin: { now: () => seconds * 1000 },
    fields: [["x-amz-meta-color", "blue"]],
  });
  seconds += 10;
  proxy.origin.put("bucket", "key", BODY, [["x-amz-meta-color", "red"]]);
  proxy.age(TTL_MS);
  const answer = await expect(proxy, READ, "MISS");
  assert.equal(answer.header("x-amz-meta-color"), "red");
  assertAgree(answer, await proxy.direct.send(READ), "after the copy");
  assert.equal((await expect(proxy, READ, "HIT")).header("x-amz-meta-color"), "red");
});

Deno.test("fields that a 304 carries take the place of the stored ones", async () => {
  await using proxy = await aging({ fields: [["cache-control", "max-age=1"], ["expires", "0"]] });
  proxy.age(TTL_MS);
  proxy.origin.fault({ method: "GET" }, {
    kind: "alter",
    alter: (answer) => ({
      ...answer,
      headers: [...answer.headers.filter(([name]) => name !== "Cache-Control"), [
        "Cache-Control",
        "max-age=2",
      ]],
    }),
  });
  for (const cache of ["REVALIDATED", "HIT"]) {
    const answer = await expect(proxy, READ, cache);
    assert.equal(answer.header("cache-control"), "max-age=2");
    assert.equal(answer.header("expires"), "0");
    assert.deepEqual(answer.body, BODY);
  }
});

Deno.test("an entry without an ETag is asked about by its date", async () => {
  let time = Date.now();
  await using proxy = await startTestProxy({ now: () => time, cache: { ttlMs: TTL_MS } });
  proxy.origin.put("bucket", "key", BODY);
  proxy.origin.fault({ operation: "GetObject" }, {
    kind: "alter",
    alter: (answer) => ({ ...answer, headers: answer.headers.filter(([name]) => name !== "ETag") }),
  });
  await expect(proxy, READ, "MISS");
  time += TTL_MS;
  const answer = await expect(proxy, READ, "REVALIDATED");
  assert.deepEqual(asked(proxy), [["if-modified-since", answer.header("last-modified")!]]);
  assert.deepEqual(answer.body, BODY);
});

for (const [status, code] of [[404, "NoSuchKey"], [403, "AccessDenied"]] as const) {
  Deno.test(`a ${status} is passed on, and drops what is held`, async () => {
    await using proxy = await aging();
    await expect(proxy, { target: TARGET, headers: [["x-amz-checksum-mode", "ENABLED"]] }, "MISS");
    for (const method of ["GET", "HEAD"]) {
      proxy.age(TTL_MS);
      proxy.origin.fault({}, { kind: "error", status, code });
      assert.equal((await expect(proxy, { method, target: TARGET }, "MISS")).status, status);
      assert.equal(proxy.cache.stats().entries, 0);
      await expect(proxy, READ, "MISS");
    }
  });
}

Deno.test("one asks, the others wait and are served", async () => {
  await using proxy = await aging();
  proxy.age(TTL_MS);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const answers = [READ, READ, SHAPES[0]!, SHAPES[1]!, READ].map((read) => proxy.client.send(read));
  await held.arrived;
  await eventually(() => proxy.cache.stats().leases === 9, "four wait beside the leader");
  held.release();
  const outcomes = (await Promise.all(answers)).map((answer) => answer.header("x-cache"));
  assert.deepEqual(outcomes.toSorted(), ["HIT", "HIT", "HIT", "HIT", "REVALIDATED"]);
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 2);
});

Deno.test("those who wait read along if the object is another one", async () => {
  await using proxy = await aging();
  proxy.age(TTL_MS);
  proxy.origin.put("bucket", "key", "new");
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const answers = [READ, READ, SHAPES[0]!].map((read) => proxy.client.send(read));
  await held.arrived;
  await eventually(() => proxy.cache.stats().leases === 5, "two wait beside the leader");
  held.release();
  const [one, two, head] = await Promise.all(answers);
  assert.deepEqual([one!.text, two!.text, head!.header("content-length")], ["new", "new", "3"]);
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 2);
});

for (const write of ["PUT", "DELETE"]) {
  Deno.test(`a ${write} during a revalidation voids it`, async () => {
    await using proxy = await aging();
    proxy.age(TTL_MS);
    using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
    const slow = proxy.client.send(READ);
    await held.arrived;
    const body = write === "PUT" ? { body: "new" } : {};
    await proxy.client.send({ method: write, target: TARGET, ...body });
    held.release();
    assert.deepEqual((await slow).body, BODY);
    const answer = await proxy.client.send(READ);
    assert.equal(answer.header("x-cache"), "MISS");
    if (write === "PUT") assert.equal(answer.text, "new");
    else assert.equal(answer.status, 404);
  });
}

Deno.test("a leader that leaves does not cost those who wait anything", async () => {
  await using proxy = await aging();
  proxy.age(TTL_MS);
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const leaving = new AbortController();
  const leader = proxy.client.open({ ...READ, signal: leaving.signal });
  await held.arrived;
  const waiting = proxy.client.send(READ);
  await eventually(() => proxy.cache.stats().leases === 3, "one waits");
  leaving.abort();
  await assert.rejects(leader);
  held.release();
  assert.deepEqual((await waiting).body, BODY);
});

Deno.test("a request may demand the origin's word, or a certain age", async () => {
  await using proxy = await aging();
  const demand = (...headers: HeaderPair[]) => ({ target: TARGET, headers });
  for (
    const header of [
      ["cache-control", "no-cache"],
      ["cache-control", "max-age=0"],
      ["pragma", "no-cache"],
    ] as const
  ) {
    const answer = await expect(proxy, demand(header), "REVALIDATED");
    assert.match(answer.header("cache-status")!, /; fwd=request; fwd-status=304; /);
    await expect(proxy, { ...demand(header), method: "HEAD" }, "REVALIDATED");
    const part = await expect(proxy, demand(header, ["range", "bytes=0-9"]), "REVALIDATED");
    assert.deepEqual(part.body, BODY.subarray(0, 10));
  }
  proxy.age(10_000);
  await expect(proxy, demand(["cache-control", "max-age=11"]), "HIT");
  await expect(proxy, demand(["cache-control", "max-age=10"]), "REVALIDATED");
  await expect(proxy, demand(["cache-control", "max-age=10"]), "HIT");
  await expect(proxy, demand(["cache-control", "no-store"]), "BYPASS");
  proxy.origin.put("bucket", "key", "new");
  await expect(proxy, READ, "HIT");
  const answer = await expect(proxy, demand(["cache-control", "no-cache"]), "MISS");
  assert.equal(answer.text, "new");
  assert.equal(answer.header("cache-status"), "s3-edge-cache; fwd=request; stored");
  assert.equal((await expect(proxy, READ, "HIT")).text, "new");
});

Deno.test("who demands the origin's word does not read along with an older request", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "old");
  using held = proxy.origin.hold({ operation: "GetObject", phase: "head" });
  const slow = proxy.client.send(READ);
  await held.arrived;
  proxy.origin.put("bucket", "key", "new");
  const headers: HeaderPair[] = [["cache-control", "no-cache"]];
  assert.equal((await proxy.client.send({ ...READ, headers })).text, "new");
  held.release();
  assert.equal((await slow).text, "old");
});

Deno.test("an object that has grown beyond the limit is passed on, and dropped", async () => {
  await using proxy = await aging({ cache: { ttlMs: TTL_MS, maxObjectBytes: 50_000 } });
  const large = new Uint8Array(200_000).fill(3);
  for (
    const request of [READ, SHAPES[1]!, { ...READ, headers: [["if-none-match", "*"]] as const }]
  ) {
    proxy.origin.put("bucket", "key", BODY);
    await proxy.client.put("/bucket/key", BODY);
    await expect(proxy, READ, "MISS");
    proxy.age(TTL_MS);
    proxy.origin.put("bucket", "key", large);
    const answer = await expect(proxy, request, "MISS");
    assertAgree(answer, await proxy.direct.send(request), JSON.stringify(request));
    assert.equal(proxy.cache.stats().entries, 0);
  }
});
