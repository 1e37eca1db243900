import assert from "node:assert/strict";
import { presign } from "@s3-edge-cache/auth";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { Wire } from "./_wire.ts";
import type { HeaderPair } from "@s3-edge-cache/s3";

/** A presigned PUT of /bucket/key that is good only with these fields. */
function presignedPut({ client }: TestProxy, ...fields: HeaderPair[]): string {
  const query = presign({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
    method: "PUT",
    path: "/bucket/key",
    query: "",
    headers: [["host", client.host], ...fields],
  });
  return `/bucket/key?${query}`;
}

for (
  const [name, value] of [
    ["if-none-match", "*"],
    ["content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="],
    ["x-amz-copy-source", "/bucket/missing"],
  ] as const
) {
  Deno.test(`Connection takes ${name} from no request that was signed with it`, async () => {
    await using proxy = await startTestProxy();
    proxy.origin.put("bucket", "key", "old");
    using wire = await Wire.connect(proxy.url);
    await wire.send(
      `PUT ${presignedPut(proxy, [name, value])} HTTP/1.1\r\nHost: ${proxy.client.host}\r\n` +
        `${name}: ${value}\r\nConnection: ${name}\r\nContent-Length: 3\r\n\r\nnew`,
    );
    const answer = await wire.answer();
    assert.ok(answer!.status >= 400, `${answer?.status}`);
    assert.equal(new TextDecoder().decode(proxy.origin.get("bucket", "key")!.body), "old");
  });
}

Deno.test("a preflight goes up unsigned, another OPTIONS needs a signature", async () => {
  await using proxy = await startTestProxy();
  const preflight: HeaderPair[] = [
    ["origin", "https://app.example"],
    ["access-control-request-method", "GET"],
  ];
  const send = (headers: HeaderPair[]) =>
    proxy.client.send({ method: "OPTIONS", target: "/bucket/key", headers, unsigned: true });
  assert.equal((await send([])).status, 403);
  assert.equal(proxy.origin.calls.length, 0);
  await send(preflight);
  assert.doesNotMatch(proxy.origin.calls[0]!.rawHead, /^authorization:/im);
});

Deno.test("the origin's word on the proxy's own signature reaches the operator alone", async () => {
  await using proxy = await startTestProxy({
    upstream: {
      credentials: { accessKeyId: "AKIAORIGINEXAMPLE001", secretAccessKey: "mistyped" },
    },
  });
  proxy.origin.put("bucket", "key", "value");
  const answer = await proxy.client.get("/bucket/key");
  assert.equal(answer.status, 503);
  assert.doesNotMatch(answer.text, /AKIAORIGIN|SignatureDoesNotMatch|StringToSign/);
  assert.match(proxy.events.join("\n"), /refuses the proxy's own signature: SignatureDoesNotMatch/);
});

Deno.test("a refusal that concerns the client's request is the client's", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.fault({ method: "GET" }, {
    kind: "error",
    status: 403,
    code: "AccessDenied",
  });
  const answer = await proxy.client.get("/bucket/key");
  assert.equal(answer.status, 403);
  assert.match(answer.text, /<Code>AccessDenied</);
});
