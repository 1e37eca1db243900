import assert from "node:assert/strict";
import { startTestProxy } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";
import { Wire, type WireRequest } from "./_wire.ts";

Deno.test("a client that waits to be asked for its body is asked", async () => {
  await using proxy = await startTestProxy();
  using wire = await Wire.connect(proxy.url);
  await wire.send(wire.signed({
    method: "PUT",
    target: "/bucket/key",
    headers: [["content-length", "4"], ["expect", "100-continue"]],
  }));
  assert.equal((await wire.answer())?.status, 100);
  await wire.send("text");
  assert.equal((await wire.answer())?.status, 200);
  assert.equal(new TextDecoder().decode(proxy.origin.get("bucket", "key")!.body), "text");
});

Deno.test("a client that waits to be asked for no bytes is asked, or else hangs up", async () => {
  await using proxy = await startTestProxy();
  using wire = await Wire.connect(proxy.url);
  await wire.send(wire.signed({
    method: "PUT",
    target: "/bucket/empty",
    headers: [["content-length", "0"], ["expect", "100-continue"]],
  }));
  const first = await wire.answer();
  const stored = first?.status === 100 ? await wire.answer() : first;
  assert.equal(stored?.status, 200);
  assert.ok(first?.status === 100 || first?.header("connection") === "close");
});

Deno.test("a client that waits to be asked may be refused, and the origin is not troubled", async () => {
  await using proxy = await startTestProxy();
  using wire = await Wire.connect(proxy.url);
  const head = wire.signed({
    method: "PUT",
    target: "/bucket/key",
    headers: [["content-length", "4"], ["expect", "100-continue"]],
  });
  await wire.send(head.replace(/Signature=[0-9a-f]{8}/, "Signature=00000000"));
  let answer = await wire.answer();
  if (answer?.status === 100) answer = await wire.answer();
  assertS3Error(answer!, 403, "SignatureDoesNotMatch");
  assert.equal(proxy.origin.calls.length, 0);
});

/** Requests that end well or badly, and how. */
const EXCHANGES: readonly (readonly [status: number, request: WireRequest, body?: string])[] = [
  [200, { target: "/bucket/key" }],
  [404, { target: "/bucket/none" }],
  [404, { method: "HEAD", target: "/bucket/none" }],
  [416, { target: "/bucket/key", headers: [["range", "bytes=99-"]] }],
  [304, { target: "/bucket/key", headers: [["if-none-match", "*"]] }],
  [
    412,
    {
      method: "PUT",
      target: "/bucket/key",
      headers: [["if-none-match", "*"], ["content-length", "1"]],
    },
    "x",
  ],
  [
    400,
    {
      method: "PUT",
      target: "/bucket/key",
      headers: [["content-length", "3"]],
      payloadHash: "0".repeat(64),
    },
    "bad",
  ],
  [405, { method: "POST", target: "/bucket/key", headers: [["content-length", "1"]] }, "x"],
];

Deno.test("one connection serves on after errors", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "0123456789");
  using wire = await Wire.connect(proxy.url);
  for (let i = 0; i < 2; i++) {
    for (const [status, request, body = ""] of EXCHANGES) {
      await wire.send(wire.signed(request) + body);
      const answer = await wire.answer(request.method);
      assert.equal(answer?.status, status, JSON.stringify(request));
    }
    await wire.send("GET /bucket/key HTTP/1.1\r\nHost: x\r\n\r\n");
    assertS3Error((await wire.answer())!, 403, "AccessDenied");
  }
  await wire.send(wire.signed({ target: "/bucket/key" }));
  assert.equal((await wire.answer())?.text, "0123456789");
});

Deno.test("requests that come at once on a connection are answered in order", async () => {
  await using proxy = await startTestProxy();
  for (const key of ["a", "b", "c"]) proxy.origin.put("bucket", key, `of ${key}`);
  using wire = await Wire.connect(proxy.url);
  const keys = ["a", "b", "a", "c", "b"];
  await wire.send(keys.map((key) => wire.signed({ target: `/bucket/${key}` })).join(""));
  for (const key of keys) assert.equal((await wire.answer())?.text, `of ${key}`);
});

Deno.test("a client that asks for the connection's end gets it, after the whole answer", async () => {
  await using proxy = await startTestProxy();
  const body = "x".repeat(300_000);
  proxy.origin.put("bucket", "key", body);
  for (let i = 0; i < 2; i++) {
    using wire = await Wire.connect(proxy.url);
    await wire.send(wire.signed({ target: "/bucket/key", headers: [["connection", "close"]] }));
    assert.equal((await wire.answer())?.text.length, body.length);
    assert.equal(await wire.untilClosed(), "");
  }
});

Deno.test("connections to the origin are used again", async () => {
  await using proxy = await startTestProxy();
  for (let i = 0; i < 10; i++) {
    await proxy.client.put(`/bucket/${i}`, "text");
    await proxy.client.get(`/bucket/${i}`);
    await proxy.client.get(`/bucket/none-${i}`);
  }
  const connections = new Set(proxy.origin.calls.map(({ connection }) => connection));
  assert.equal(connections.size, 1);
});

Deno.test("HEAD answers tell a length and send nothing, cold and warm", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "x".repeat(20_000));
  using wire = await Wire.connect(proxy.url);
  for (let i = 0; i < 2; i++) {
    await wire.send(wire.signed({ method: "HEAD", target: "/bucket/key" }));
    const head = await wire.answer("HEAD");
    assert.deepEqual([head?.status, head?.header("content-length")], [200, "20000"]);
    await wire.send(wire.signed({ target: "/bucket/key" }));
    assert.equal((await wire.answer())?.body.length, 20_000);
  }
});
