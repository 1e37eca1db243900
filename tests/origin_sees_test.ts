import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { presign } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Call } from "@s3-edge-cache/sim";
import type { TestRequest } from "./_client.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { Wire } from "./_wire.ts";

/** Sends a request through a proxy that holds nothing; gives what the origin saw of it. */
async function seen(proxy: TestProxy, request: TestRequest): Promise<Call> {
  const before = proxy.origin.calls.length;
  const answer = await proxy.client.send(request);
  assert.ok(answer.status < 400, `${JSON.stringify(request)}: ${answer.text}`);
  assert.equal(proxy.origin.calls.length, before + 1);
  return proxy.origin.calls.at(-1)!;
}

function names({ headers }: Call): string[] {
  return headers.map(([name]) => name).toSorted();
}

const SIGNATURE = ["authorization", "host", "x-amz-content-sha256", "x-amz-date"];

Deno.test("the origin sees the proxy's signature and nothing of the client's", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  const call = await seen(proxy, { target: "/bucket/key" });
  assert.match(call.rawHead, new RegExp(`Credential=${proxy.origin.credentials.accessKeyId}/`));
  assert.doesNotMatch(call.rawHead, new RegExp(CLIENT_CREDENTIALS.accessKeyId));
  assert.ok(call.rawHead.startsWith("GET /bucket/key HTTP/1.1\r\n"));
  assert.match(call.rawHead, new RegExp(`\r\nhost: 127\\.0\\.0\\.1:${proxy.origin.port}\r\n`, "i"));
});

Deno.test("the client library adds no field of its own", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  const own = (call: Call) => names(call).filter((name) => name !== "connection");
  assert.deepEqual(own(await seen(proxy, { target: "/bucket/key" })), SIGNATURE);
  assert.deepEqual(own(await seen(proxy, { method: "HEAD", target: "/bucket/key?x" })), SIGNATURE);
  assert.deepEqual(own(await seen(proxy, { method: "DELETE", target: "/bucket/key" })), SIGNATURE);
  const put = await seen(proxy, { method: "PUT", target: "/bucket/key", body: "text" });
  assert.deepEqual(own(put), [...SIGNATURE, "content-length"].toSorted());
});

const FORWARDED: readonly HeaderPair[] = [
  ["accept", "image/*"],
  ["accept-encoding", "br"],
  ["accept-language", "de, fr;q=0.5"],
  ["user-agent", "aws-cli/2.0 md/x"],
  ["amz-sdk-invocation-id", "00000000-1111"],
  ["range", "bytes=0-1"],
  ["if-none-match", '"no"'],
  ["x-amz-request-payer", "requester"],
  ["x-amz-feature-of-tomorrow", "A, b;C"],
  ["x-custom", "gr\xfcn"],
];

Deno.test("fields of the client's that are end-to-end go up as they are", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  const call = await seen(proxy, { target: "/bucket/key", headers: FORWARDED });
  for (const [name, value] of FORWARDED) {
    assert.deepEqual(call.headers.filter(([field]) => field === name), [[name, value]]);
  }
});

Deno.test("fields of the client's connection do not go up", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  using wire = await Wire.connect(proxy.url);
  const headers: readonly HeaderPair[] = [
    ["connection", "keep-alive"],
    ["te", "trailers"],
    ["proxy-authorization", "Basic Zm9v"],
    ["proxy-connection", "keep-alive"],
    ["keep-alive", "timeout=5"],
    ["date", "Thu, 01 Jan 1970 00:00:00 GMT"],
    ["expect", "100-continue"],
  ];
  await wire.send(wire.signed({ target: "/bucket/key", headers }));
  let answer = await wire.answer();
  if (answer?.status === 100) answer = await wire.answer();
  assert.equal(answer?.text, "text");
  const call = proxy.origin.calls.at(-1)!;
  assert.deepEqual(names(call).filter((name) => name !== "connection"), SIGNATURE);
});

const TARGETS = [
  "/bucket/a//b/../c",
  "/bucket/%2e%2e/%7Ea%2fb",
  "/bucket/a'b(c)!*",
  "/bucket/%c3%a9?versionId=null&x-id=GetObject",
  "/bucket?list-type=2&prefix=a%2Fb&delimiter=%2f&start-after",
  "/bucket/?prefix=&max-keys=1",
];

Deno.test("the raw target goes up as it was sent", async () => {
  await using proxy = await startTestProxy();
  for (const key of ["a//b/../c", "../~a/b", "a'b(c)!*", "é"]) proxy.origin.put("bucket", key, "x");
  for (const target of TARGETS) assert.equal((await seen(proxy, { target })).target, target);
});

function presigned(proxy: TestProxy, method: string, query: string): string {
  const signed = presign({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
    method,
    path: "/bucket/key",
    query,
    headers: [["host", proxy.client.host]],
  });
  return `/bucket/key?${signed}`;
}

Deno.test("the signature of a presigned URL does not go up, the rest of its query does", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  const cases: readonly (readonly [query: string, target: string])[] = [
    ["", "/bucket/key"],
    ["tagging", "/bucket/key?tagging"],
    ["x-id=GetObject&versionId=null", "/bucket/key?x-id=GetObject&versionId=null"],
    ["partNumber=1&feature=%2F%2f", "/bucket/key?partNumber=1&feature=%2F%2f"],
  ];
  for (const [query, target] of cases) {
    const call = await seen(proxy, { target: presigned(proxy, "GET", query), unsigned: true });
    assert.equal(call.target, target);
    assert.doesNotMatch(call.rawHead, /X-Amz-(Signature|Credential|Algorithm|Expires|Date)=/i);
    assert.doesNotMatch(call.rawHead, new RegExp(CLIENT_CREDENTIALS.accessKeyId));
  }
});

Deno.test("a fill asks for the object's own fields, whatever its request overrides", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "text");
  const call = await seen(proxy, { target: "/bucket/key?response-content-type=a%2Fb&x-id=1" });
  assert.equal(call.target, "/bucket/key?x-id=1");
  const ranged = await seen(proxy, {
    target: "/bucket/other?response-content-type=a%2Fb",
    method: "DELETE",
  });
  assert.equal(ranged.target, "/bucket/other?response-content-type=a%2Fb");
});

const WRITE_FIELDS: readonly HeaderPair[] = [
  ["content-type", "text/plain;charset=UTF-8"],
  ["content-md5", createHash("md5").update("text").digest("base64")],
  ["cache-control", "no-cache"],
  ["expires", "Wed, 01 Jan 2031 00:00:00 GMT"],
  ["if-none-match", "*"],
  ["x-amz-acl", "private"],
  ["x-amz-meta-name", "Value"],
  ["x-amz-storage-class", "STANDARD_IA"],
  ["x-amz-tagging", "a=1"],
];

Deno.test("what an upload says of itself goes up, with the exact length and no chunks", async () => {
  await using proxy = await startTestProxy();
  const call = await seen(proxy, {
    method: "PUT",
    target: "/bucket/key",
    headers: WRITE_FIELDS,
    body: "text",
  });
  for (const [name, value] of WRITE_FIELDS) {
    assert.deepEqual(call.headers.filter(([field]) => field === name), [[name, value]]);
  }
  assert.deepEqual(call.headers.filter(([name]) => name === "content-length"), [
    ["content-length", "4"],
  ]);
  assert.ok(!names(call).includes("transfer-encoding"));
  assert.equal(call.receivedBytes, 4);
});

Deno.test("the body's hash goes up where the client gave one", async () => {
  await using proxy = await startTestProxy();
  const payloadHash = createHash("sha256").update("text").digest("hex");
  const call = await seen(proxy, {
    method: "PUT",
    target: "/bucket/key",
    body: "text",
    payloadHash,
  });
  assert.ok(
    call.headers.some(([name, value]) => name === "x-amz-content-sha256" && value === payloadHash),
  );
});

Deno.test("a copy's source and directives go up", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "source é", "text");
  const headers: readonly HeaderPair[] = [
    ["x-amz-copy-source", "/bucket/source%20%C3%A9"],
    ["x-amz-metadata-directive", "REPLACE"],
    ["x-amz-copy-source-if-unmodified-since", "Wed, 01 Jan 2031 00:00:00 GMT"],
    ["x-amz-meta-a", "b"],
  ];
  const call = await seen(proxy, { method: "PUT", target: "/bucket/key", headers, body: "" });
  for (const [name, value] of headers) {
    assert.deepEqual(call.headers.filter(([field]) => field === name), [[name, value]]);
  }
  assert.equal(proxy.origin.get("bucket", "key")?.metadata[0]?.[1], "b");
});

Deno.test("an empty body is said to be empty", async () => {
  await using proxy = await startTestProxy();
  const call = await seen(proxy, { method: "PUT", target: "/bucket/key", body: "" });
  assert.deepEqual(call.headers.filter(([name]) => name === "content-length"), [
    ["content-length", "0"],
  ]);
  assert.equal(proxy.origin.get("bucket", "key")!.body.length, 0);
});

Deno.test("a preflight passes without a signature of the client's", async () => {
  await using proxy = await startTestProxy();
  const headers: readonly HeaderPair[] = [
    ["origin", "https://a.example"],
    ["access-control-request-method", "PUT"],
  ];
  const answer = await proxy.client.send({
    method: "OPTIONS",
    target: "/bucket/key",
    headers,
    unsigned: true,
  });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /<Code>AccessForbidden<\/Code>/);
  const call = proxy.origin.calls.at(-1)!;
  assert.equal(call.operation, "Preflight");
  for (const [name, value] of headers) {
    assert.ok(call.headers.some((field) => field[0] === name && field[1] === value));
  }
});
