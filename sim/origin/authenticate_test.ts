import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { type Origin, startOrigin } from "./origin.ts";
import { ask, RawClient, signedRequest } from "../testing/raw_client.ts";

const target = "/bucket/k";

async function origin(): Promise<Origin> {
  const started = await startOrigin();
  started.put("bucket", "k", "old");
  return started;
}

/** Sends a request after a change to its bytes; gives the code it is refused with. */
async function changed(
  to: Origin,
  request: Parameters<typeof signedRequest>[1],
  change: (text: string) => string,
): Promise<string> {
  using client = await RawClient.connect(to);
  await client.send(change(signedRequest(to, request)));
  const { status, body } = await client.answer();
  assert.ok(status >= 400, body);
  return /<Code>(\w+)</.exec(body)?.[1] ?? "";
}

Deno.test("a signature covers path, query, method, host, fields and body", async () => {
  await using s3 = await origin();
  const get = { target: "/bucket/k?versionId=null" };
  const changes: readonly ((text: string) => string)[] = [
    (text) => text.replace("/bucket/k", "/bucket/l"),
    (text) => text.replace("versionId=null", "versionId=1"),
    (text) => text.replace("GET", "DELETE"),
    (text) => text.replace("host: 127.0.0.1", "host: 127.0.0.2"),
    (text) => text.replace(/Signature=(.)/, (_, digit) => `Signature=${digit === "0" ? 1 : 0}`),
  ];
  for (const change of changes) {
    assert.equal(await changed(s3, get, change), "SignatureDoesNotMatch", change.toString());
  }
  const put = { method: "PUT", target, body: "new" };
  const swapped = (text: string) => text.replace(/new$/, "bad");
  assert.equal(await changed(s3, put, swapped), "XAmzContentSHA256Mismatch");
  assert.equal(s3.get("bucket", "k")?.body.length, 3);
  assert.equal(
    await changed(s3, get, (text) => text.replace("AKIA", "AKIB")),
    "InvalidAccessKeyId",
  );
  const time = Date.now() - 16 * 60 * 1000;
  assert.match((await ask(s3, { target, time })).body, /<Code>RequestTimeTooSkewed</);
});

Deno.test("presigned URLs of another signer are good until they expire", async () => {
  let now = Date.now();
  await using s3 = await startOrigin({ now: () => now });
  s3.put("bucket", "k", "old");
  const aws = new AwsClient({
    accessKeyId: s3.credentials.accessKeyId,
    secretAccessKey: s3.credentials.secretAccessKey,
    service: "s3",
    region: s3.region,
  });
  const url = `${s3.url}/bucket/k?X-Amz-Expires=60&response-content-type=a%2Fb`;
  const signed = await aws.sign(url, { aws: { signQuery: true } });
  const good = await fetch(signed.url);
  assert.equal(await good.text(), "old");
  assert.equal(good.headers.get("content-type"), "a/b");
  now += 61_000;
  const late = await fetch(signed.url);
  assert.equal(late.status, 403);
  assert.match(await late.text(), /<Code>AccessDenied</);
});

Deno.test("an unsigned trailer is decoded, verified and kept", async () => {
  await using s3 = await origin();
  const put = (checksum: string) =>
    ask(s3, {
      method: "PUT",
      target,
      headers: [
        ["content-encoding", "gzip,aws-chunked"],
        ["x-amz-decoded-content-length", "9"],
        ["x-amz-trailer", "x-amz-checksum-crc32"],
      ],
      payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      body: `4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`,
    });
  const wrong = await put("AAAAAA==");
  assert.match(wrong.body, /<Code>BadDigest</);
  assert.equal(s3.get("bucket", "k")?.body.length, 3);
  const right = await put("y/Q5Jg==");
  assert.equal(right.status, 200, right.body);
  const stored = s3.get("bucket", "k");
  assert.equal(new TextDecoder().decode(stored?.body), "123456789");
  assert.equal(stored?.checksum.value, "y/Q5Jg==");
  assert.deepEqual(stored?.contentHeaders, [
    ["Content-Encoding", "gzip"],
    ["Content-Type", "binary/octet-stream"],
  ]);
});

Deno.test("without a signature only what is public is read, and not reshaped", async () => {
  await using s3 = await origin();
  const url = `${s3.url}/bucket/k`;
  const secret = await fetch(url);
  assert.equal(secret.status, 403);
  await secret.body?.cancel();
  s3.put("bucket", "k", "open", [["x-amz-acl", "public-read"]]);
  assert.equal(await (await fetch(url)).text(), "open");
  const shaped = await fetch(`${url}?response-content-type=a`);
  assert.equal(shaped.status, 400);
  assert.match(await shaped.text(), /anonymous GET/);
  const put = await fetch(url, { method: "PUT", body: "x" });
  assert.equal(put.status, 403);
  await put.body?.cancel();
});
