import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { presign } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { differential } from "./_differential.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { assertS3Error, element } from "./_s3_error.ts";
import { Wire } from "./_wire.ts";

/** Every byte but unreserved ones and `/` percent-encoded. */
function encoded(key: string): string {
  return encodeURIComponent(key).replaceAll("%2F", "/").replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const LONG = "k".repeat(1024);

/** Keys, and spellings of them beside the canonical one. */
const KEYS: readonly (readonly [key: string, ...spellings: string[]])[] = [
  ["plain"],
  ["Plain"],
  ["plain/"],
  ["/plain"],
  ["a//b", "a/%2Fb"],
  ["//", "%2F%2f"],
  ["/leading", "%2Fleading"],
  ["a/../b", "a/%2E%2E/b", "a/%2e./b"],
  ["../other/x", "%2e%2e/other/x"],
  [".", "%2E"],
  ["..", "%2e%2E"],
  ["./a/./b", "%2E/a/%2e/b"],
  ["trailing/"],
  ["a b"],
  [" "],
  ["a+b"],
  ["100%"],
  ["%41"],
  ["%2F"],
  ["what?"],
  ["what?versionId=1&acl"],
  ["#hash"],
  ["a&b=c;d", "a&b=c;d"],
  ["quote\"'`", "quote%22'%60"],
  ["back\\slash"],
  ["<tag>&amp;"],
  ["[x]{y}|z^~", "%5Bx%5D%7By%7D%7Cz%5E%7E"],
  ["(1)!*,:@$", "(1)!*,:@$"],
  ["é", "%c3%a9"],
  ["e\u0301"],
  ["日本語/ファイル"],
  ["emoji-😀-👩‍👩‍👧"],
  ["tab\there"],
  [LONG],
];

/** Another bucket's object to servers that keep objects as files: never kept. */
const LEAVES_BUCKET = /^\.\.(?:\/|$)/;

Deno.test("odd keys are the same objects through the proxy as at the origin", async () => {
  await using proxy = await startTestProxy();
  for (const [key, ...spellings] of KEYS) {
    const canonical = `/bucket/${encoded(key)}`;
    const put = await proxy.client.put(canonical, `of ${key}`);
    assert.equal(put.status, 200, `${key}: ${put.text}`);
    assert.equal(new TextDecoder().decode(proxy.origin.get("bucket", key)?.body), `of ${key}`, key);
    for (const target of [canonical, ...spellings.map((path) => `/bucket/${path}`)]) {
      const { warm, direct } = await differential(proxy, { target });
      const cache = LEAVES_BUCKET.test(key) ? "BYPASS" : "HIT";
      assert.deepEqual([warm.status, warm.header("x-cache")], [200, cache], target);
      assert.equal(warm.text, `of ${key}`, target);
      assert.equal(direct.text, `of ${key}`, target);
    }
  }
  for (const [key] of [...KEYS, ...KEYS]) {
    assert.equal((await proxy.client.get(`/bucket/${encoded(key)}`)).text, `of ${key}`);
  }
  for (const [key] of KEYS) {
    assert.equal((await proxy.client.delete(`/bucket/${encoded(key)}`)).status, 204, key);
    assert.equal(proxy.origin.get("bucket", key), undefined, key);
  }
  assert.equal(proxy.origin.bucket("bucket").versions.size, 0);
});

Deno.test("a key of more than 1024 bytes is the origin's to refuse", async () => {
  await using proxy = await startTestProxy();
  const answer = await proxy.client.put(`/bucket/${LONG}k`, "x");
  assert.equal(answer.status, 400);
  assert.match(answer.text, /KeyTooLongError/);
});

Deno.test("keys that are not UTF-8 pass", async () => {
  await using proxy = await startTestProxy();
  for (const target of ["/bucket/%FF%fe", "/bucket/%C3", "/bucket/a%00b"]) {
    assert.equal((await proxy.client.put(target, target)).status, 200, target);
    const { warm } = await differential(proxy, { target });
    assert.deepEqual([warm.text, warm.header("x-cache")], [target, "HIT"]);
  }
});

Deno.test("a bare plus is whatever the origin takes it for, and is never held", async () => {
  for (const plusInPath of ["space", "plus"] as const) {
    await using proxy = await startTestProxy({ origin: { plusInPath } });
    proxy.origin.put("bucket", "a b", "space");
    proxy.origin.put("bucket", "a+b", "plus");
    for (let i = 0; i < 2; i++) {
      const answer = await proxy.client.get("/bucket/a+b");
      assert.deepEqual([answer.text, answer.header("x-cache")], [plusInPath, "BYPASS"]);
    }
    assert.equal((await proxy.client.get("/bucket/a%2Bb")).text, "plus");
    assert.equal((await proxy.client.get("/bucket/a%20b")).text, "space");
    assert.equal((await proxy.client.get("/bucket/a%2Bb")).header("x-cache"), "HIT");
  }
});

Deno.test("nothing leads out of the bucket that the signature covers", async () => {
  await using proxy = await startTestProxy({ origin: { buckets: ["bucket", "other"] } });
  proxy.origin.put("other", "secret", "secret");
  const targets = [
    "/bucket/../other/secret",
    "/bucket/%2e%2e/other/secret",
    "/bucket/..%2Fother%2Fsecret",
    "/bucket//../../other/secret",
    "/./other/secret",
    "/bucket%2F..%2Fother/secret",
    "/%2e%2e/other/secret",
    "//other/secret",
  ];
  for (const target of targets) {
    for (let i = 0; i < 2; i++) {
      const answer = await proxy.client.get(target);
      assert.ok([400, 404].includes(answer.status), `${target}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /^secret/);
    }
  }
});

Deno.test("user metadata comes back byte for byte", async () => {
  await using proxy = await startTestProxy();
  const utf8 = String.fromCharCode(...new TextEncoder().encode("grün 日本"));
  const fields: readonly HeaderPair[] = [
    ["x-amz-meta-utf8", utf8],
    ["x-amz-meta-latin1", "gr\xfcn"],
    ["x-amz-meta-case", "MiXeD Case; with=signs, \"quotes\" and 'more'"],
    ["x-amz-meta-empty", ""],
    ["x-amz-meta-under_score", "a_b"],
    ["content-disposition", `attachment; filename*=UTF-8''gr%C3%BCn; filename="gr\xfcn"`],
  ];
  proxy.origin.put("bucket", "seeded", "x", fields);
  const { warm } = await differential(proxy, { target: "/bucket/seeded" });
  for (const [name, value] of fields) assert.equal(warm.header(name), value, name);
  const head = await differential(proxy, { method: "HEAD", target: "/bucket/seeded" });
  assert.equal(head.warm.header("x-amz-meta-utf8"), utf8);
  assert.equal((await proxy.client.put("/bucket/put", "x", ...fields)).status, 200);
  const stored = proxy.origin.get("bucket", "put")!;
  const byName = ([a]: HeaderPair, [b]: HeaderPair) => a < b ? -1 : 1;
  assert.deepEqual(
    stored.metadata.toSorted(byName),
    fields.filter(([name]) => name.startsWith("x-amz-meta-")).toSorted(byName),
  );
});

Deno.test("a field that comes twice is one list, as S3 signs and stores it", async () => {
  await using proxy = await startTestProxy();
  using wire = await Wire.connect(proxy.url);
  const headers: readonly HeaderPair[] = [
    ["x-amz-meta-list", "one"],
    ["content-length", "1"],
    ["x-amz-meta-list", "two"],
  ];
  await wire.send(wire.signed({ method: "PUT", target: "/bucket/key", headers }) + "x");
  const answer = await wire.answer();
  assert.equal(answer?.status, 200, answer?.text);
  assert.match(proxy.origin.get("bucket", "key")!.metadata[0]![1], /^one, ?two$/);
});

Deno.test("a field of the origin's that comes twice comes twice, cold and warm", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "x");
  proxy.origin.fault({ method: "GET" }, {
    kind: "alter",
    alter: (answer) => ({
      ...answer,
      headers: [...answer.headers, ["X-Tomorrow", "1"], ["X-Tomorrow", "2"], ["Link", "<a>"]],
    }),
  }, Infinity);
  const { warm } = await differential(proxy, { target: "/bucket/key" });
  assert.equal(warm.header("x-cache"), "HIT");
  const values = warm.headers.filter(([name]) => name === "x-tomorrow").map(([, value]) => value);
  assert.deepEqual(values, ["1", "2"]);
});

Deno.test("the body is never coded or decoded, whatever the client accepts", async () => {
  await using proxy = await startTestProxy();
  const packed = gzipSync("text ".repeat(1000));
  proxy.origin.put("bucket", "packed", packed, [
    ["content-encoding", "gzip"],
    ["content-type", "text/html"],
  ]);
  proxy.origin.put("bucket", "text", "text ".repeat(10_000), [["content-type", "text/html"]]);
  for (const accepted of ["gzip, br", "identity", "br;q=1, *;q=0", ""]) {
    for (const key of ["packed", "text"]) {
      const headers: HeaderPair[] = [["accept-encoding", accepted]];
      const { warm } = await differential(proxy, { target: `/bucket/${key}`, headers });
      assert.equal(warm.header("x-cache"), "HIT");
      assert.equal(warm.header("content-encoding"), key === "packed" ? "gzip" : undefined);
      assert.equal(warm.header("vary"), undefined);
      const { length } = key === "packed" ? packed : { length: 50_000 };
      assert.deepEqual([warm.body.length, warm.header("content-length")], [length, `${length}`]);
    }
  }
});

Deno.test("what a client stores as gzip is stored as it came", async () => {
  await using proxy = await startTestProxy();
  const packed = gzipSync("text ".repeat(1000));
  await proxy.client.put("/bucket/key", packed, ["content-encoding", "gzip"]);
  const stored = proxy.origin.get("bucket", "key")!;
  assert.deepEqual(stored.body, new Uint8Array(packed));
  assert.ok(stored.contentHeaders.some(([, value]) => value === "gzip"));
});

Deno.test("the default Content-Type is the origin's", async () => {
  await using proxy = await startTestProxy();
  assert.equal((await proxy.client.put("/bucket/key", "x")).status, 200);
  const { warm } = await differential(proxy, { target: "/bucket/key" });
  assert.equal(warm.header("content-type"), "binary/octet-stream");
});

Deno.test("an error of the origin's keeps the ids that its document says", async () => {
  await using proxy = await startTestProxy();
  for (const request of [{ target: "/bucket/none" }, { target: "/bucket/none?tagging" }]) {
    const answer = await proxy.client.send(request);
    assert.equal(answer.status, 404);
    const header = (name: string) => answer.headers.filter(([field]) => field === name);
    assert.deepEqual(header("x-amz-request-id"), [[
      "x-amz-request-id",
      element(answer.text, "RequestId"),
    ]]);
    assert.deepEqual(header("x-amz-id-2"), [["x-amz-id-2", element(answer.text, "HostId")]]);
  }
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`a redirect is handed on: ${status}`, async () => {
    await using proxy = await startTestProxy();
    const location = "http://elsewhere.example/bucket/key?x=1";
    proxy.origin.fault({ method: "GET" }, {
      kind: "answer",
      answer: {
        status,
        headers: [["Location", location], ["Content-Type", "application/xml"]],
        body: new TextEncoder().encode("<Error><Code>TemporaryRedirect</Code></Error>"),
        framing: "chunked",
      },
    }, 6);
    const { warm } = await differential(proxy, { target: "/bucket/key" });
    assert.deepEqual([warm.status, warm.header("location")], [status, location]);
    assert.equal((await proxy.cache.stats()).entries, 0);
  });
}

Deno.test("buckets that a server might take for a step in its path are refused", async () => {
  await using proxy = await startTestProxy();
  for (const target of ["/./key", "/../key", "/%2e%2e/key", "/.%2E/key", "/%2E"]) {
    assertS3Error(await proxy.client.get(target), 400, "InvalidBucketName");
  }
  assert.equal(proxy.origin.calls.length, 0);
});

/** A presigned target for the client's key. */
function presigned(proxy: TestProxy, method: string, path: string, query = ""): string {
  const signed = presign({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
    method,
    path,
    query,
    headers: [["host", proxy.client.host]],
  });
  return `${path}?${signed}`;
}

Deno.test("a presigned request does what a signed one does", async () => {
  await using proxy = await startTestProxy();
  const path = "/bucket/a//b%20c";
  const put = await proxy.client.send({
    method: "PUT",
    target: presigned(proxy, "PUT", path),
    unsigned: true,
    body: "text",
  });
  assert.equal(put.status, 200, put.text);
  for (const cache of ["MISS", "HIT"]) {
    const target = presigned(proxy, "GET", path);
    const got = await proxy.client.send({ target, unsigned: true });
    assert.deepEqual([got.text, got.header("x-cache")], ["text", cache]);
  }
  const tags = await proxy.client.send({
    target: presigned(proxy, "GET", path, "tagging"),
    unsigned: true,
  });
  assert.match(tags.text, /<TagSet\/>|<TagSet><\/TagSet>/);
});
