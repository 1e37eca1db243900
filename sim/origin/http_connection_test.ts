import assert from "node:assert/strict";
import { startOrigin } from "./origin.ts";
import { ask, RawClient, signedRequest } from "../testing/raw_client.ts";

Deno.test("answers look as S3's do", async () => {
  await using origin = await startOrigin({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
  origin.put("bucket", "k", "hello", [["x-amz-meta-a", "\xe9\xff"]]);
  const time = Date.UTC(2026, 0, 2, 3, 4, 5);
  const answer = await ask(origin, { target: "/bucket/k", time });
  assert.equal(answer.head.split("\r\n")[0], "HTTP/1.1 200 OK");
  assert.deepEqual([...answer.fields.keys()], [
    "x-amz-id-2",
    "x-amz-request-id",
    "Date",
    "Last-Modified",
    "ETag",
    "x-amz-server-side-encryption",
    "x-amz-meta-a",
    "Content-Type",
    "Accept-Ranges",
    "Content-Length",
    "Server",
  ]);
  assert.equal(answer.fields.get("Date"), "Fri, 02 Jan 2026 03:04:05 GMT");
  assert.equal(answer.fields.get("Content-Type"), "binary/octet-stream");
  assert.equal(answer.fields.get("x-amz-meta-a"), "\xe9\xff");
});

Deno.test("the raw target reaches the origin, and its key is what it spells", async () => {
  await using origin = await startOrigin();
  for (const target of ["/bucket/a//b", "/bucket/a/../b", "/bucket/.", "/bucket/%2e%2E/%ff"]) {
    const put = await ask(origin, { method: "PUT", target, body: target });
    assert.equal(put.status, 200, put.body);
    assert.equal((await ask(origin, { target })).body, target);
  }
  assert.deepEqual([...origin.bucket("bucket").versions.keys()], [
    "a//b",
    "a/../b",
    ".",
    "../\xff",
  ]);
  assert.equal(origin.calls[0]?.target, "/bucket/a//b");
});

Deno.test("a plus in a path is a space, unless it is told otherwise", async () => {
  await using amazon = await startOrigin();
  await ask(amazon, { method: "PUT", target: "/bucket/a+b%2B", body: "x" });
  assert.ok(amazon.get("bucket", "a b+"));
  await using other = await startOrigin({ plusInPath: "plus" });
  await ask(other, { method: "PUT", target: "/bucket/a+b", body: "x" });
  assert.ok(other.get("bucket", "a+b"));
});

Deno.test("host names address buckets below the domain", async () => {
  await using origin = await startOrigin({ virtualHostDomain: "s3.test" });
  origin.put("bucket", "k/l", "hello");
  const host = "bucket.s3.test:80";
  assert.equal((await ask(origin, { target: "/k/l", host })).body, "hello");
  assert.equal((await ask(origin, { target: "/bucket/k/l" })).body, "hello");
  assert.match((await ask(origin, { target: "/bucket/k/l", host })).body, /<Code>NoSuchKey</);
});

Deno.test("a connection serves one request after another, errors too", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "hello");
  using client = await RawClient.connect(origin);
  for (const [target, status] of [["/bucket/none", 404], ["/bucket/k", 200]] as const) {
    await client.send(signedRequest(origin, { target }));
    assert.equal((await client.answer()).status, status);
  }
  await client.send(signedRequest(origin, { method: "HEAD", target: "/bucket/none" }));
  assert.equal((await client.answer("HEAD")).status, 404);
  await client.send(signedRequest(origin, { target: "/bucket/k" }));
  assert.equal((await client.answer()).body, "hello");
  assert.equal(new Set(origin.calls.map((call) => call.connection)).size, 1);
});

Deno.test("100-continue asks for the body, but not of a request that is refused", async () => {
  await using origin = await startOrigin();
  const request = {
    method: "PUT",
    target: "/bucket/k",
    headers: [["expect", "100-continue"]] as const,
    body: "hello",
  };
  const text = signedRequest(origin, request);
  using good = await RawClient.connect(origin);
  await good.send(text.slice(0, -5));
  assert.equal((await good.answer()).status, 100);
  await good.send("hello");
  assert.equal((await good.answer()).status, 200);
  using bad = await RawClient.connect(origin);
  await bad.send(text.slice(0, -5).replace(/Signature=\w{5}/, "Signature=00000"));
  const refused = await bad.answer();
  assert.equal(refused.status, 403);
  assert.equal(refused.fields.get("Connection"), "close");
  assert.equal(await bad.rest(), "");
});

Deno.test("an upload without a length is refused", async () => {
  await using origin = await startOrigin();
  const request = signedRequest(origin, {
    method: "PUT",
    target: "/bucket/k",
    headers: [["transfer-encoding", "chunked"]],
    payloadHash: "UNSIGNED-PAYLOAD",
  });
  using chunked = await RawClient.connect(origin);
  await chunked.send(request + "5\r\nhello\r\n0\r\n\r\n");
  const refused = await chunked.answer();
  assert.equal(refused.status, 411);
  assert.match(refused.body, /<Code>MissingContentLength</);
  using bare = await RawClient.connect(origin);
  await bare.send(request.replace("transfer-encoding: chunked\r\n", ""));
  assert.equal((await bare.answer()).status, 411);
  assert.equal(origin.get("bucket", "k"), undefined);
});

Deno.test("what is no request is refused and the connection closed", async () => {
  await using origin = await startOrigin();
  const heads = [
    "rubbish",
    "GET / HTTP/2.0\r\nHost: a",
    "GET / HTTP/1.1",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
    "GET / HTTP/1.1\r\nHost : a",
    "GET / HTTP/1.1\r\nHost: a\r\n folded",
    "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b",
    "GET / HTTP/1.1\r\nHost: a\r\nX: a\nb",
    "GET /a b HTTP/1.1\r\nHost: a",
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: -1",
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2",
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(70000)}`,
  ];
  for (const head of heads) {
    using client = await RawClient.connect(origin);
    await client.send(head + "\r\n\r\n");
    const answer = await client.answer();
    assert.equal(answer.status, 400, head.slice(0, 100));
    assert.equal(await client.rest(), "");
  }
});

Deno.test("limits: header section, user metadata, key", async () => {
  await using origin = await startOrigin();
  const put = (target: string, headers: readonly (readonly [string, string])[]) =>
    ask(origin, { method: "PUT", target, headers, body: "" });
  const meta = await put("/bucket/k", [["x-amz-meta-a", "x".repeat(2048)]]);
  assert.match(meta.body, /<Code>MetadataTooLarge</);
  assert.equal((await put("/bucket/k", [["x-amz-meta-a", "x".repeat(2047)]])).status, 200);
  const section = await put("/bucket/k", [["x-filler", "x".repeat(8192)]]);
  assert.match(section.body, /<Code>RequestHeaderSectionTooLarge</);
  const long = await put(`/bucket/${"%C3%BC".repeat(513)}`, []);
  assert.match(long.body, /<Code>KeyTooLongError</);
  assert.equal((await put(`/bucket/${"%C3%BC".repeat(512)}`, [])).status, 200);
});

Deno.test("half a request changes nothing", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "old");
  const text = signedRequest(origin, { method: "PUT", target: "/bucket/k", body: "newer" });
  using held = origin.hold({ phase: "request" });
  {
    using client = await RawClient.connect(origin);
    await client.send(text.slice(0, -2));
    await held.arrived;
  }
  held.release();
  await origin.stop();
  assert.equal(origin.get("bucket", "k")?.body.length, 3);
  assert.equal(origin.calls[0]?.outcome, "lost");
});
