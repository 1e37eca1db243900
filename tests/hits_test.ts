import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "./_client.ts";
import { assertAgree } from "./_agreement.ts";
import { startTestProxy, type TestProxy, type TestProxyOptions } from "./_proxy.ts";
import { assertS3Error, element } from "./_s3_error.ts";

const TARGET = "/bucket/key";
const SIZE = 40_000;
const BODY = Uint8Array.from({ length: SIZE }, (_, i) => i % 251);
const ETAG = `"${createHash("md5").update(BODY).digest("hex")}"`;
const FIELDS: readonly HeaderPair[] = [
  ["content-type", "text/plain; charset=utf-8"],
  ["cache-control", "max-age=60, public"],
  ["expires", "Wed, 01 Jan 2031 00:00:00 GMT"],
  ["content-language", "de"],
  ["content-disposition", 'attachment; filename="a.txt"'],
  ["x-amz-meta-color", "Blue"],
];

/** Minutes ago, so that a date after the object's last change is past too. */
const CHANGED = Math.floor(Date.now() / 1000) * 1000 - 300_000;
const date = (seconds: number) => new Date(CHANGED + seconds * 1000).toUTCString();

/** A proxy that holds the object. */
async function warm(options: TestProxyOptions = {}): Promise<TestProxy> {
  let time = CHANGED;
  const proxy = await startTestProxy({ ...options, origin: { now: () => time } });
  proxy.origin.put("bucket", "key", BODY, FIELDS);
  time += 300_000;
  assert.equal((await proxy.client.get(TARGET)).header("x-cache"), "MISS");
  return proxy;
}

/** Sends a request that must be answered without the origin, and as the origin would. */
async function hit(proxy: TestProxy, request: TestRequest): Promise<Answer> {
  const before = proxy.origin.calls.length;
  const answer = await proxy.client.send(request);
  const name = JSON.stringify(request);
  assert.equal(proxy.origin.calls.length, before, `the origin was asked: ${name}`);
  assert.equal(answer.header("x-cache"), "HIT", name);
  assertAgree(answer, await proxy.direct.send(request), name);
  return answer;
}

const NEITHER = '"0123456789abcdef0123456789abcdef"';
const CONDITIONS: readonly (readonly [status: number, ...fields: HeaderPair[]])[] = [
  [200, ["if-match", ETAG]],
  [200, ["if-match", "*"]],
  [200, ["if-match", `${NEITHER}, ${ETAG}`]],
  [200, ["if-match", ETAG.replaceAll('"', "")]],
  [412, ["if-match", NEITHER]],
  [304, ["if-none-match", ETAG]],
  [304, ["if-none-match", `W/${ETAG}`]],
  [304, ["if-none-match", `${NEITHER},${ETAG}`]],
  [304, ["if-none-match", "*"]],
  [304, ["if-none-match", ETAG.replaceAll('"', "")]],
  [200, ["if-none-match", NEITHER]],
  [304, ["if-modified-since", date(0)]],
  [304, ["if-modified-since", date(60)]],
  [200, ["if-modified-since", date(-1)]],
  [200, ["if-modified-since", date(999_999)]],
  [200, ["if-unmodified-since", date(0)]],
  [200, ["if-unmodified-since", date(60)]],
  [412, ["if-unmodified-since", date(-1)]],
  // If-Match goes before If-Unmodified-Since, If-None-Match before If-Modified-Since.
  [200, ["if-match", ETAG], ["if-unmodified-since", date(-60)]],
  [412, ["if-match", NEITHER], ["if-unmodified-since", date(60)]],
  [200, ["if-none-match", NEITHER], ["if-modified-since", date(60)]],
  [304, ["if-none-match", ETAG], ["if-modified-since", date(-60)]],
  [304, ["if-match", ETAG], ["if-none-match", ETAG]],
  [412, ["if-match", NEITHER], ["if-none-match", ETAG]],
  [412, ["if-unmodified-since", date(-60)], ["if-none-match", ETAG]],
  // Conditions go before the range.
  [304, ["if-none-match", ETAG], ["range", "bytes=0-1"]],
  [412, ["if-match", NEITHER], ["range", "bytes=0-1"]],
  [206, ["if-match", ETAG], ["range", "bytes=0-1"]],
  [304, ["if-none-match", ETAG], ["range", `bytes=${SIZE}-`]],
];

Deno.test("conditions are weighed on a hit", async () => {
  await using proxy = await warm();
  for (const [status, ...headers] of CONDITIONS) {
    for (const method of ["GET", "HEAD"]) {
      const answer = await hit(proxy, { method, target: TARGET, headers });
      assert.equal(answer.status, status, `${method} ${JSON.stringify(headers)}`);
    }
  }
});

Deno.test("conditions that servers read differently are the origin's to weigh", async () => {
  await using proxy = await warm();
  const fields: readonly HeaderPair[] = [
    ["if-match", ""],
    ["if-match", `W/${ETAG}`],
    ["if-none-match", `${NEITHER}, *`],
    ["if-modified-since", "yesterday"],
    ["if-unmodified-since", "yesterday"],
    ["if-range", `W/${ETAG}`],
  ];
  for (const field of fields) {
    const request = { target: TARGET, headers: [field, ["range", "bytes=0-4"]] as HeaderPair[] };
    const answer = await proxy.client.send(request);
    assert.equal(answer.header("x-cache"), "BYPASS", field.join());
    assertAgree(answer, await proxy.direct.send(request), field.join());
  }
});

Deno.test("a 304 carries the validators and what says how long they hold, and no body", async () => {
  await using proxy = await warm();
  const answer = await proxy.client.get(TARGET, ["if-none-match", ETAG]);
  assert.equal(answer.status, 304);
  assert.equal(answer.header("etag"), ETAG);
  assert.equal(answer.header("last-modified"), date(0));
  assert.equal(answer.header("cache-control"), "max-age=60, public");
  assert.equal(answer.header("expires"), "Wed, 01 Jan 2031 00:00:00 GMT");
  assert.equal(answer.header("content-type"), undefined);
  assert.equal(answer.body.length, 0);
});

Deno.test("a 412 is S3's PreconditionFailed, and names the condition", async () => {
  await using proxy = await warm();
  const match = await proxy.client.get(TARGET, ["if-match", NEITHER]);
  assertS3Error(match, 412, "PreconditionFailed");
  assert.equal(element(match.text, "Condition"), "If-Match");
  const since = await proxy.client.get(TARGET, ["if-unmodified-since", date(-60)]);
  assert.equal(element(since.text, "Condition"), "If-Unmodified-Since");
});

type RangeCase = readonly [range: string, status: number, first?: number, last?: number];
const RANGES: readonly RangeCase[] = [
  ["bytes=0-0", 206, 0, 0],
  ["bytes=0-9", 206, 0, 9],
  ["bytes=100-30000", 206, 100, 30_000],
  ["bytes=39999-39999", 206, 39_999, 39_999],
  ["bytes=39990-", 206, 39_990, 39_999],
  ["bytes=0-", 206, 0, 39_999],
  ["bytes=-10", 206, 39_990, 39_999],
  ["bytes=-40000", 206, 0, 39_999],
  ["bytes=-99999", 206, 0, 39_999],
  ["bytes=39990-99999", 206, 39_990, 39_999],
  ["bytes=5-99999999999999999999999", 206, 5, 39_999],
  ["bytes=0005-0009", 206, 5, 9],
  ["bytes=40000-", 416],
  ["bytes=40000-50000", 416],
  ["bytes=99999999999999999999999-", 416],
  ["bytes=-0", 416],
  ["bytes=9-5", 200],
  ["bytes=0-1,4-5", 200],
  ["bytes=0-1, -1", 200],
  ["bytes=-", 200],
  ["bytes=", 200],
  ["bytes", 200],
  ["bytes 0-1", 200],
  ["bytes=a-b", 200],
  ["bytes=0x0-0x9", 200],
  ["bytes=--5", 200],
  ["bytes=1.0-2", 200],
  ["items=0-1", 200],
  ["0-1", 200],
];

Deno.test("ranges come from the entry", async () => {
  await using proxy = await warm();
  for (const [range, status, first = 0, last = SIZE - 1] of RANGES) {
    const answer = await hit(proxy, { target: TARGET, headers: [["range", range]] });
    assert.equal(answer.status, status, range);
    if (status === 416) {
      assert.equal(answer.header("content-range"), `bytes */${SIZE}`, range);
      continue;
    }
    assert.deepEqual(answer.body, BODY.subarray(first, last + 1), range);
    assert.equal(answer.header("content-length"), String(last - first + 1));
    const named = status === 206 ? `bytes ${first}-${last}/${SIZE}` : undefined;
    assert.equal(answer.header("content-range"), named, range);
    await hit(proxy, { method: "HEAD", target: TARGET, headers: [["range", range]] });
  }
});

Deno.test("a 416 is S3's InvalidRange, and says what is there", async () => {
  await using proxy = await warm();
  const answer = await proxy.client.get(TARGET, ["range", "bytes=40000-"]);
  assertS3Error(answer, 416, "InvalidRange");
  assert.equal(element(answer.text, "RangeRequested"), "bytes=40000-");
  assert.equal(element(answer.text, "ActualObjectSize"), String(SIZE));
  const head = await hit(proxy, {
    method: "HEAD",
    target: TARGET,
    headers: [["range", "bytes=40000-"]],
  });
  assert.equal(head.status, 416);
  assert.equal(head.header("content-range"), `bytes */${SIZE}`);
});

Deno.test("If-Range decides whether the range counts", async () => {
  await using proxy = await warm();
  const cases: readonly (readonly [ifRange: string, status: number])[] = [
    [ETAG, 206],
    [NEITHER, 200],
    [date(0), 206],
    [date(60), 200],
    [date(-60), 200],
  ];
  for (const [ifRange, status] of cases) {
    const headers: HeaderPair[] = [["range", "bytes=0-4"], ["if-range", ifRange]];
    const answer = await hit(proxy, { target: TARGET, headers });
    assert.equal(answer.status, status, ifRange);
    assert.equal(answer.body.length, status === 206 ? 5 : SIZE, ifRange);
  }
});

Deno.test("HEAD is answered from the entry of a GET", async () => {
  await using proxy = await warm();
  const answer = await hit(proxy, { method: "HEAD", target: TARGET });
  assert.equal(answer.status, 200);
  assert.equal(answer.header("content-length"), String(SIZE));
  assert.equal(answer.header("x-amz-meta-color"), "Blue");
  assert.equal(answer.body.length, 0);
});

Deno.test("HEAD of an object that is not held fills nothing", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  for (let i = 0; i < 2; i++) {
    const answer = await proxy.client.head(TARGET);
    assert.equal(answer.header("content-length"), String(SIZE));
    assert.equal(answer.header("x-cache"), "MISS");
  }
  assert.deepEqual((await proxy.client.get(TARGET)).body, BODY);
});

Deno.test("a condition on a miss is the origin's to weigh, and its 304 is not kept", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", BODY);
  const unmodified = await proxy.client.get(TARGET, ["if-none-match", ETAG]);
  assert.equal(unmodified.status, 304);
  const whole = await proxy.client.get(TARGET, ["if-match", ETAG]);
  assert.deepEqual([whole.status, whole.header("x-cache")], [200, "MISS"]);
  assert.deepEqual((await hit(proxy, { target: TARGET })).body, BODY);
});

Deno.test("objects of zero bytes are held like others", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "empty", "");
  assert.equal((await proxy.client.get("/bucket/empty")).header("x-cache"), "MISS");
  for (const method of ["GET", "HEAD"]) {
    const answer = await hit(proxy, { method, target: "/bucket/empty" });
    assert.equal(answer.header("content-length"), "0");
    for (const range of ["bytes=0-", "bytes=0-0", "bytes=-0"]) {
      const ranged = await hit(proxy, {
        method,
        target: "/bucket/empty",
        headers: [["range", range]],
      });
      assert.equal(ranged.status, 416, range);
    }
  }
});
