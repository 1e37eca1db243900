import assert from "node:assert/strict";
import { connect } from "node:http2";
import { presign } from "@s3-edge-cache/auth";
import { CLIENT_CREDENTIALS, startTestProxy } from "./_proxy.ts";
import { assertS3Error } from "./_s3_error.ts";
import { Wire } from "./_wire.ts";

Deno.test("where every connection is taken, a request waits no longer than to connect", async () => {
  await using proxy = await startTestProxy({
    upstream: { maxConnections: 1, connectTimeoutMs: 200 },
  });
  proxy.origin.put("bucket", "key", "value");
  using held = proxy.origin.hold({ operation: "ListObjectsV2", phase: "request" });
  const listing = proxy.client.get("/bucket?list-type=2");
  await held.arrived;
  assertS3Error(await proxy.client.get("/bucket/key"), 503, "SlowDown");
  assertS3Error(await proxy.client.put("/bucket/key", "given up"), 503, "SlowDown");
  held.release();
  assert.equal((await listing).status, 200);
  assert.equal((await proxy.client.get("/bucket/key")).text, "value");
  assert.equal(proxy.origin.countCalls({ operation: "PutObject" }), 0);
});

Deno.test("a client that falls silent within its body is given up", async () => {
  await using proxy = await startTestProxy({ clientIdleMs: 100 });
  using wire = await Wire.connect(proxy.url);
  const head = wire.signed({
    method: "PUT",
    target: "/bucket/key",
    headers: [["content-length", "10"]],
  });
  await wire.send(`${head}half`);
  const answer = await wire.answer();
  assert.equal(answer?.status, 400);
  assert.match(answer!.text, /<Code>RequestTimeout</);
  assert.equal(proxy.origin.get("bucket", "key"), undefined);
});

Deno.test("a length that is sent twice is the client's fault", async () => {
  await using proxy = await startTestProxy();
  using wire = await Wire.connect(proxy.url);
  const headers = [["content-length", "1"], ["content-length", "1"]] as const;
  await wire.send(`${wire.signed({ method: "PUT", target: "/bucket/key", headers })}x`);
  assert.equal((await wire.answer())?.status, 400);
});

Deno.test("a presigned URL works over HTTP/2, which has no Host field", async () => {
  await using proxy = await startTestProxy({ front: "serve" });
  proxy.origin.put("bucket", "key", "value");
  const query = presign({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
    method: "GET",
    path: "/bucket/key",
    query: "",
    headers: [["host", proxy.client.host]],
  });
  const session = connect(proxy.url);
  const answered = Promise.withResolvers<number>();
  const request = session.request({ ":path": `/bucket/key?${query}` });
  request.on("response", (headers) => answered.resolve(Number(headers[":status"])));
  request.on("error", answered.reject);
  request.resume();
  request.end();
  assert.equal(await answered.promise, 200);
  const closed = Promise.withResolvers<void>();
  session.close(() => closed.resolve());
  await closed.promise;
});
