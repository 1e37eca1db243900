import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { presign } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { TestRequest } from "./_client.ts";
import { expectAgreement } from "./_expect_agreement.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";

const TARGET = "/bucket/key";
const PLAIN: TestRequest = { target: TARGET };
const FIELDS: readonly HeaderPair[] = [["content-type", "text/plain"], ["content-language", "de"]];

async function start(fields: readonly HeaderPair[] = FIELDS): Promise<TestProxy> {
  const proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "0123456789", fields);
  return proxy;
}

const OVERRIDES: readonly (readonly [parameter: string, field: string, value: string])[] = [
  ["response-content-type", "content-type", "image/png; name=a b"],
  ["response-content-language", "content-language", "fr, en"],
  ["response-expires", "expires", "Wed, 01 Jan 2031 00:00:00 GMT"],
  ["response-cache-control", "cache-control", "no-store"],
  ["response-content-disposition", "content-disposition", 'attachment; filename="a.txt"'],
  ["response-content-encoding", "content-encoding", "gzip"],
];
const QUERY = OVERRIDES.map(([parameter, , value]) => `${parameter}=${encodeURIComponent(value)}`)
  .join("&");
const OVERRIDDEN: TestRequest = { target: `${TARGET}?${QUERY}` };

Deno.test("response-* shapes the answer of a hit and not the entry", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  for (const [parameter, field, value] of OVERRIDES) {
    const target = `${TARGET}?${parameter}=${encodeURIComponent(value)}`;
    const answer = await expectAgreement(proxy, { target }, "HIT");
    assert.equal(answer.header(field), value);
    assert.equal(
      (await expectAgreement(proxy, { method: "HEAD", target }, "HIT")).header(field),
      value,
    );
    const part = await expectAgreement(proxy, { target, headers: [["range", "bytes=2-4"]] }, "HIT");
    assert.deepEqual([part.status, part.text, part.header(field)], [206, "234", value]);
    const plain = await expectAgreement(proxy, PLAIN, "HIT");
    assert.notEqual(plain.header(field), value);
  }
});

Deno.test("an entry that an overridden request brought in is the object's own", async () => {
  await using proxy = await start();
  const first = await expectAgreement(proxy, OVERRIDDEN, "MISS");
  assert.equal(first.header("content-type"), "image/png; name=a b");
  const plain = await expectAgreement(proxy, PLAIN, "HIT");
  assert.equal(plain.header("content-type"), "text/plain");
  assert.equal(plain.header("content-language"), "de");
  assert.equal(plain.header("cache-control"), undefined);
  await expectAgreement(proxy, OVERRIDDEN, "HIT");
});

Deno.test("overrides that servers may read in several ways are the origin's", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  for (
    const query of [
      "response-content-type=",
      "response-content-type=a+b",
      "response-content-type=a&response-content-type=b",
      "response-content-disposition=attachment%3B%20filename%3D%22%C3%A9.txt%22",
      "response-content-type=a%0D%0Ax-evil:%201",
      "response-expires=soon",
    ]
  ) {
    const answer = await expectAgreement(proxy, { target: `${TARGET}?${query}` }, "BYPASS");
    assert.equal(answer.header("x-evil"), undefined);
  }
});

Deno.test("overrides count on signed requests only", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  const answer = await proxy.client.send({ ...OVERRIDDEN, unsigned: true });
  assert.equal(answer.status, 403);
  assert.equal(answer.header("content-disposition"), undefined);
});

Deno.test("a presigned GET is answered from the entry of a signed one, overrides too", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  const query = presign({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
    method: "GET",
    path: TARGET,
    query: "response-content-type=a%2Fb",
    headers: [["host", proxy.client.host]],
  });
  const answer = await proxy.client.send({ target: `${TARGET}?${query}`, unsigned: true });
  assert.equal(answer.header("x-cache"), "HIT");
  assert.equal(answer.header("content-type"), "a/b");
  assert.equal(answer.text, "0123456789");
});

Deno.test("every version is an entry of its own", async () => {
  await using proxy = await start();
  const { client, origin } = proxy;
  origin.bucket("bucket").versioning = "Enabled";
  const one = origin.put("bucket", "key", "one").versionId;
  const two = origin.put("bucket", "key", "two").versionId;
  const version = (id: string) => ({ target: `${TARGET}?versionId=${id}` });
  for (const cache of ["MISS", "HIT"]) {
    assert.equal((await expectAgreement(proxy, version(one), cache)).text, "one");
    assert.equal((await expectAgreement(proxy, version(two), cache)).text, "two");
    assert.equal((await expectAgreement(proxy, version("null"), cache)).text, "0123456789");
    assert.equal((await expectAgreement(proxy, PLAIN, cache)).header("x-amz-version-id"), two);
  }
  const deleted = await client.delete(TARGET);
  const marker = deleted.header("x-amz-version-id")!;
  assert.equal(deleted.header("x-amz-delete-marker"), "true");
  for (let i = 0; i < 2; i++) {
    assert.equal((await expectAgreement(proxy, PLAIN, "MISS")).status, 404);
    assert.equal((await expectAgreement(proxy, version(marker), "MISS")).status, 405);
    assert.equal((await expectAgreement(proxy, version("never"), "MISS")).status, 404);
  }
  assert.equal((await expectAgreement(proxy, version(one), "MISS")).text, "one");
  assert.equal((await expectAgreement(proxy, version(one), "HIT")).text, "one");
  await client.delete(`${TARGET}?versionId=${marker}`);
  assert.equal((await expectAgreement(proxy, PLAIN, "MISS")).text, "two");
  await client.delete(`${TARGET}?versionId=${two}`);
  assert.equal((await expectAgreement(proxy, PLAIN, "MISS")).text, "one");
  assert.equal((await expectAgreement(proxy, version(two), "MISS")).status, 404);
});

const CHECKED: TestRequest = { target: TARGET, headers: [["x-amz-checksum-mode", "ENABLED"]] };

for (const [first, second] of [[CHECKED, PLAIN], [PLAIN, CHECKED]] as const) {
  const name = first === CHECKED ? "asked for" : "not asked for";
  Deno.test(`checksums go to those who ask; ${name} first`, async () => {
    await using proxy = await start();
    await expectAgreement(proxy, first, "MISS");
    await expectAgreement(proxy, second, "MISS");
    for (const method of ["GET", "HEAD"]) {
      const plain = await expectAgreement(proxy, { ...PLAIN, method }, "HIT");
      assert.equal(plain.header("x-amz-checksum-crc64nvme"), undefined);
      const checked = await expectAgreement(proxy, { ...CHECKED, method }, "HIT");
      assert.notEqual(checked.header("x-amz-checksum-crc64nvme"), undefined);
      assert.equal(checked.header("x-amz-checksum-type"), "FULL_OBJECT");
    }
  });
}

Deno.test("a HEAD is answered from the entry of a GET that asked for checksums, less these", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, CHECKED, "MISS");
  const head = await expectAgreement(proxy, { ...PLAIN, method: "HEAD" }, "HIT");
  assert.equal(head.header("x-amz-checksum-crc64nvme"), undefined);
  const headers: HeaderPair[] = [["if-none-match", head.header("etag")!]];
  assert.equal(
    (await expectAgreement(proxy, { ...PLAIN, method: "HEAD", headers }, "HIT")).status,
    304,
  );
  await expectAgreement(proxy, { ...CHECKED, method: "HEAD" }, "HIT");
  await proxy.client.put(TARGET, "new");
  await expectAgreement(proxy, { ...PLAIN, method: "HEAD" }, "MISS");
});

for (const [range, text] of [["bytes=2-4", "234"], ["bytes=0-", "0123456789"]] as const) {
  Deno.test(`the checksum of the whole does not go with a part: ${range}`, async () => {
    await using proxy = await start();
    const part: TestRequest = { ...CHECKED, headers: [...CHECKED.headers!, ["range", range]] };
    await expectAgreement(proxy, part, "MISS");
    await expectAgreement(proxy, CHECKED, "MISS");
    const answer = await expectAgreement(proxy, part, "HIT");
    assert.deepEqual([answer.status, answer.text], [206, text]);
    assert.equal(answer.header("x-amz-checksum-crc64nvme"), undefined);
    assert.equal(answer.header("x-amz-checksum-type"), undefined);
  });
}

const KEY = new Uint8Array(32).fill(7);
const CUSTOMER_KEY: readonly HeaderPair[] = [
  ["x-amz-server-side-encryption-customer-algorithm", "AES256"],
  ["x-amz-server-side-encryption-customer-key", KEY.toBase64()],
  [
    "x-amz-server-side-encryption-customer-key-md5",
    createHash("md5").update(KEY).digest("base64"),
  ],
];

/** Requests whose answer may differ from that of the plain one. */
const BYPASSES: readonly (readonly [query: string, status: number, ...fields: HeaderPair[]])[] = [
  ["partNumber=1", 206],
  ["partNumber=2", 416],
  ["partNumber=0", 400],
  ["", 400, ...CUSTOMER_KEY],
  ["", 200, ["x-amz-expected-bucket-owner", "111122223333"]],
  ["", 403, ["x-amz-expected-bucket-owner", "999999999999"]],
  ["", 200, ["x-amz-request-payer", "requester"]],
  ["", 200, ["x-amz-feature-of-tomorrow", "on"]],
  ["", 200, ["x-amz-checksum-mode", "enabled"]],
  ["", 200, ["origin", "https://example.com"]],
  ["feature-of-tomorrow", 200],
  ["feature-of-tomorrow=1", 200],
  ["x-amz-feature-of-tomorrow=1", 200],
  ["versionId=null&versionId=null", 200],
];

Deno.test("whatever may change the answer goes to the origin, and leaves the entry", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  for (const [query, status, ...headers] of BYPASSES) {
    const target = query === "" ? TARGET : `${TARGET}?${query}`;
    for (let i = 0; i < 2; i++) {
      const answer = await expectAgreement(proxy, { target, headers }, "BYPASS");
      assert.equal(answer.status, status, JSON.stringify([query, headers]));
    }
  }
  await expectAgreement(proxy, PLAIN, "HIT");
});

Deno.test("parameters and fields that only tell of the client do not keep from the cache", async () => {
  await using proxy = await start();
  await expectAgreement(proxy, PLAIN, "MISS");
  const requests: readonly TestRequest[] = [
    { target: `${TARGET}?x-id=GetObject` },
    { target: TARGET, headers: [["user-agent", "aws-sdk-js/3"]] },
    { target: TARGET, headers: [["amz-sdk-invocation-id", "1"], ["amz-sdk-request", "attempt=1"]] },
    { target: TARGET, headers: [["accept-encoding", "gzip"]] },
    { target: TARGET, headers: [["cookie", "a=b"], ["x-forwarded-for", "1.2.3.4"]] },
  ];
  for (const request of requests) await expectAgreement(proxy, request, "HIT");
});

Deno.test("an object under a client's key is never held", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "secret", CUSTOMER_KEY);
  for (let i = 0; i < 2; i++) {
    const answer = await expectAgreement(
      proxy,
      { target: TARGET, headers: CUSTOMER_KEY },
      "BYPASS",
    );
    assert.equal(answer.text, "secret");
    assert.equal((await expectAgreement(proxy, PLAIN, "MISS")).status, 400);
  }
  assert.equal((await proxy.cache.stats()).entries, 0);
});
