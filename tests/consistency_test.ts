import assert from "node:assert/strict";
import { startTestProxy, type TestProxy } from "./_proxy.ts";

const TARGET = "/bucket/key";

async function expectRead(proxy: TestProxy, text: string, cache: string): Promise<void> {
  const answer = await proxy.client.get(TARGET);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, text);
  assert.equal(answer.header("x-cache"), cache);
}

async function warm(text: string): Promise<TestProxy> {
  const proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", text);
  await expectRead(proxy, text, "MISS");
  await expectRead(proxy, text, "HIT");
  return proxy;
}

Deno.test("a second read is a hit: the origin sees one request", async () => {
  await using proxy = await warm("one");
  assert.equal(proxy.origin.countCalls({ operation: "GetObject" }), 1);
});

Deno.test("the next read after a PUT is the truth", async () => {
  await using proxy = await warm("one");
  assert.equal((await proxy.client.put(TARGET, "two")).status, 200);
  await expectRead(proxy, "two", "MISS");
  await expectRead(proxy, "two", "HIT");
});

Deno.test("the next read after a DELETE is the truth", async () => {
  await using proxy = await warm("one");
  assert.equal((await proxy.client.delete(TARGET)).status, 204);
  assert.equal((await proxy.client.get(TARGET)).status, 404);
  assert.equal((await proxy.client.head(TARGET)).status, 404);
});

Deno.test("the next read after a copy onto the object is the truth", async () => {
  await using proxy = await warm("one");
  proxy.origin.put("bucket", "other", "two");
  const copied = await proxy.client.put(TARGET, "", ["x-amz-copy-source", "/bucket/other"]);
  assert.equal(copied.status, 200);
  await expectRead(proxy, "two", "MISS");
});

Deno.test("the next read after a completed multipart upload is the truth", async () => {
  await using proxy = await warm("one");
  const { client } = proxy;
  const created = await client.post(`${TARGET}?uploads`, "");
  const uploadId = /<UploadId>([^<]+)</.exec(created.text)![1]!;
  const part = await client.put(`${TARGET}?partNumber=1&uploadId=${uploadId}`, "two");
  await expectRead(proxy, "one", "HIT");
  const completed = await client.post(
    `${TARGET}?uploadId=${uploadId}`,
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
      `<ETag>${part.header("etag")}</ETag></Part></CompleteMultipartUpload>`,
  );
  assert.equal(completed.status, 200, completed.text);
  await expectRead(proxy, "two", "MISS");
});

Deno.test("the next read after DeleteObjects is the truth, entities in keys too", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  const keys = ["key", "a & <b>", "é/ü"];
  const targets = keys.map((key) => `/bucket/${encodeURIComponent(key).replaceAll("%2F", "/")}`);
  for (const [i, key] of keys.entries()) {
    origin.put("bucket", key, "one");
    await client.get(targets[i]!);
    assert.equal((await client.get(targets[i]!)).header("x-cache"), "HIT");
  }
  const document = "<Delete><Object><Key>key</Key></Object>" +
    "<Object><Key>a &amp; &lt;b&#62;</Key></Object><Object><Key>é/ü</Key></Object></Delete>";
  const { createHash } = await import("node:crypto");
  const md5 = createHash("md5").update(document).digest("base64");
  const deleted = await client.post("/bucket?delete", document, ["content-md5", md5]);
  assert.equal(deleted.status, 200, deleted.text);
  for (const target of targets) assert.equal((await client.get(target)).status, 404);
});

Deno.test("a write drops ranges and HEAD alike", async () => {
  await using proxy = await warm("one");
  await proxy.client.put(TARGET, "second");
  const part = await proxy.client.get(TARGET, ["range", "bytes=0-2"]);
  assert.equal(part.text, "sec");
  assert.equal((await proxy.client.head(TARGET)).header("content-length"), "6");
});

Deno.test("tagging an object refreshes its tag count", async () => {
  await using proxy = await warm("one");
  const tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
  assert.equal((await proxy.client.put(`${TARGET}?tagging`, tags)).status, 200);
  assert.equal((await proxy.client.get(TARGET)).header("x-amz-tagging-count"), "1");
});

Deno.test("a PUT that overtakes a held-back GET leaves nothing stale", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  origin.put("bucket", "key", "old");
  using held = origin.hold({ operation: "GetObject", phase: "head" });
  const slow = client.get(TARGET);
  await held.arrived;
  assert.equal((await client.put(TARGET, "new")).status, 200);
  held.release();
  assert.equal((await slow).text, "old");
  await expectRead(proxy, "new", "MISS");
  await expectRead(proxy, "new", "HIT");
});

Deno.test("a PUT that overtakes a GET in the middle of its body leaves nothing stale", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  origin.put("bucket", "key", "x".repeat(100_000));
  using held = origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const slow = client.get(TARGET);
  await held.arrived;
  assert.equal((await client.put(TARGET, "new")).status, 200);
  held.release();
  assert.equal((await slow).body.length, 100_000);
  await expectRead(proxy, "new", "MISS");
});

Deno.test("a DELETE that overtakes a held-back GET leaves nothing stale", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  origin.put("bucket", "key", "old");
  using held = origin.hold({ operation: "GetObject", phase: "head" });
  const slow = client.get(TARGET);
  await held.arrived;
  await client.delete(TARGET);
  held.release();
  assert.equal((await slow).text, "old");
  assert.equal((await client.get(TARGET)).status, 404);
});

for (const phase of ["request", "head"] as const) {
  Deno.test(`a GET during a PUT held at its ${phase} leaves nothing stale`, async () => {
    await using proxy = await warm("old");
    const { client, origin } = proxy;
    using held = origin.hold({ operation: "PutObject", phase });
    const put = client.put(TARGET, "new");
    await held.arrived;
    await expectRead(proxy, phase === "request" ? "old" : "new", "MISS");
    await expectRead(proxy, phase === "request" ? "old" : "new", "MISS");
    held.release();
    assert.equal((await put).status, 200);
    await expectRead(proxy, "new", "MISS");
    await expectRead(proxy, "new", "HIT");
  });
}

Deno.test("a GET that began within a PUT and ends after it leaves nothing stale", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  origin.put("bucket", "key", "old");
  using heldPut = origin.hold({ operation: "PutObject", phase: "request" });
  const put = client.put(TARGET, "new");
  await heldPut.arrived;
  using heldGet = origin.hold({ operation: "GetObject", phase: "head" });
  const get = client.get(TARGET);
  await heldGet.arrived;
  heldPut.release();
  await put;
  heldGet.release();
  assert.equal((await get).text, "old");
  await expectRead(proxy, "new", "MISS");
});

Deno.test("a write whose answer is lost leaves nothing cached", async () => {
  await using proxy = await warm("old");
  proxy.origin.fault({ operation: "PutObject" }, { kind: "lose_answer" });
  assert.equal((await proxy.client.put(TARGET, "new")).status, 503);
  await expectRead(proxy, "new", "MISS");
});

Deno.test("a refused write costs an entry and nothing else", async () => {
  await using proxy = await warm("old");
  const refused = await proxy.client.put(TARGET, "new", ["if-none-match", "*"]);
  assert.equal(refused.status, 412);
  await expectRead(proxy, "old", "MISS");
});

Deno.test("deleting a bucket drops its entries", async () => {
  await using proxy = await warm("old");
  proxy.origin.drop("bucket", "key");
  assert.equal((await proxy.client.delete("/bucket")).status, 204);
  assert.equal((await proxy.client.get(TARGET)).status, 404);
});

Deno.test("a write in a spelling that may name two keys drops both", async () => {
  await using proxy = await startTestProxy();
  const { client, origin } = proxy;
  origin.put("bucket", "a b", "old");
  await client.get("/bucket/a%20b");
  assert.equal((await client.get("/bucket/a%20b")).header("x-cache"), "HIT");
  assert.equal((await client.put("/bucket/a+b", "new")).status, 200);
  assert.equal((await client.get("/bucket/a%20b")).text, "new");
});
