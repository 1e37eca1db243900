import assert from "node:assert/strict";
import { AwsClient } from "aws4fetch";
import { type Origin, startOrigin } from "./origin.ts";

function client(origin: Origin): AwsClient {
  const { accessKeyId, secretAccessKey } = origin.credentials;
  return new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: "s3",
    region: origin.region,
    retries: 0,
  });
}

Deno.test("puts, gets, heads, lists and deletes", async () => {
  await using origin = await startOrigin();
  const aws = client(origin);
  const url = `${origin.url}/bucket/a%20b/c`;
  const put = await aws.fetch(url, {
    method: "PUT",
    body: "hello",
    headers: { "x-amz-meta-x": "1" },
  });
  assert.equal(put.status, 200, await put.text());
  const get = await aws.fetch(url);
  assert.equal(await get.text(), "hello");
  assert.equal(get.headers.get("etag"), put.headers.get("etag"));
  assert.equal(get.headers.get("content-type"), "text/plain;charset=UTF-8");
  const head = await aws.fetch(url, { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), "5");
  const list = await aws.fetch(`${origin.url}/bucket?list-type=2&prefix=a`);
  assert.match(await list.text(), /<KeyCount>1<.*<Key>a b\/c<\/Key>/s);
  const gone = await aws.fetch(url, { method: "DELETE" });
  assert.equal(gone.status, 204);
  const missing = await aws.fetch(url);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /<Code>NoSuchKey<.*<Key>a b\/c<\/Key><RequestId>/s);
  assert.deepEqual(origin.calls.map((call) => call.operation), [
    "PutObject",
    "GetObject",
    "HeadObject",
    "ListObjectsV2",
    "DeleteObject",
    "GetObject",
  ]);
});
