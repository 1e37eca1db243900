/** What S3 refuses, and what a kinder fake would let pass. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { type Origin, startOrigin } from "./origin.ts";
import { ask, RawClient, type RawRequest, signedRequest } from "../testing/raw_client.ts";

/** The status of an answer, and the error it carries. */
async function outcome(origin: Origin, request: RawRequest): Promise<string> {
  const { status, body } = await ask(origin, request);
  return `${status} ${/<Code>(\w+)</.exec(body)?.[1] ?? ""}`.trim();
}

function md5(body: string): readonly [string, string] {
  return ["content-md5", hash("md5", body, "base64")];
}

const target = "/bucket/k";

Deno.test("conditional writes are weighed against the newest version", async () => {
  await using origin = await startOrigin();
  const put = (name: string, value: string) =>
    outcome(origin, { method: "PUT", target, headers: [[name, value]], body: "x" });
  assert.equal(await put("if-match", '"x"'), "404 NoSuchKey");
  assert.equal(await put("if-none-match", '"x"'), "501 NotImplemented");
  assert.equal(await put("if-none-match", "*"), "200");
  assert.equal(await put("if-none-match", "*"), "412 PreconditionFailed");
  assert.equal(await put("if-match", '"x"'), "412 PreconditionFailed");
  assert.equal(await put("if-match", origin.get("bucket", "k")!.etag), "200");
  const copy: RawRequest = {
    method: "PUT",
    target,
    headers: [["x-amz-copy-source", "bucket/k"], ["if-none-match", "*"], [
      "x-amz-metadata-directive",
      "REPLACE",
    ]],
    body: "",
  };
  assert.equal(await outcome(origin, copy), "412 PreconditionFailed");
  const remove = (value: string) =>
    outcome(origin, { method: "DELETE", target, headers: [["if-match", value]] });
  assert.equal(await remove('"x"'), "412 PreconditionFailed");
  assert.equal(await remove("*"), "204");
});

Deno.test("documents that S3 wants a digest with are refused without", async () => {
  await using origin = await startOrigin();
  origin.bucket("bucket").objectLock = true;
  for (const key of ["k", "gone"]) origin.put("bucket", key, "x");
  const cases = [
    ["POST", "/bucket?delete", "<Delete><Object><Key>gone</Key></Object></Delete>"],
    ["PUT", "/bucket?lifecycle", "<LifecycleConfiguration/>"],
    ["PUT", "/bucket/k?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>"],
  ] as const;
  for (const [method, path, body] of cases) {
    assert.equal(await outcome(origin, { method, target: path, body }), "400 InvalidRequest", path);
  }
  assert.ok(origin.get("bucket", "gone"));
  assert.equal(origin.get("bucket", "k")?.legalHold, undefined);
  for (const [method, path, body] of cases) {
    const headers = [md5(body)];
    assert.equal(await outcome(origin, { method, target: path, body, headers }), "200", path);
  }
});

Deno.test("an upload in parts is what it said it would be, or is refused", async () => {
  await using origin = await startOrigin({ minimumPartSize: 1 });
  const begin = await ask(origin, {
    method: "POST",
    target: `${target}?uploads`,
    headers: [["x-amz-checksum-algorithm", "CRC32"], ["x-amz-checksum-type", "FULL_OBJECT"]],
    body: "",
  });
  const id = /<UploadId>(.*)<\/UploadId>/.exec(begin.body)![1]!;
  const part = (query: string, headers: readonly (readonly [string, string])[] = []) =>
    outcome(origin, {
      method: "PUT",
      target: `${query}&uploadId=${id}`,
      headers,
      body: "123456789",
    });
  assert.equal(await part(`${target}?partNumber=0`), "400 InvalidArgument");
  assert.equal(await part(`/bucket/other?partNumber=1`), "404 NoSuchUpload");
  const sha1 = hash("sha1", "123456789", "base64");
  assert.equal(
    await part(`${target}?partNumber=1`, [["x-amz-checksum-sha1", sha1]]),
    "400 InvalidRequest",
  );
  assert.equal(await part(`${target}?partNumber=1`), "200");
  assert.equal(await part(`${target}?partNumber=2`), "200");
  const listed = await ask(origin, { target: `${target}?uploadId=${id}&part-number-marker=1` });
  assert.deepEqual(listed.body.match(/<PartNumber>\d/g), ["<PartNumber>2"]);
  const etag = hash("md5", "123456789", "hex");
  const body = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
    `<ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  const complete = (name: string, value: string) =>
    outcome(origin, {
      method: "POST",
      target: `${target}?uploadId=${id}`,
      headers: [[name, value]],
      body,
    });
  origin.put("bucket", "k", "old");
  assert.equal(await complete("if-none-match", "*"), "412 PreconditionFailed");
  assert.equal(await complete("x-amz-mp-object-size", "8"), "400 InvalidRequest");
  assert.equal(await complete("x-amz-checksum-crc32", "AAAAAA=="), "400 BadDigest");
  assert.equal(await complete("x-amz-checksum-crc32", "y/Q5Jg=="), "200");
  assert.equal(origin.get("bucket", "k")?.checksum.type, "FULL_OBJECT");
});

Deno.test("a copy takes tags along, unless it is told otherwise", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "x", [["x-amz-tagging", "a=1"]]);
  const copy = (...headers: readonly (readonly [string, string])[]) =>
    outcome(origin, {
      method: "PUT",
      target: "/bucket/copy",
      headers: [["x-amz-copy-source", "/bucket/k"], ...headers],
      body: "",
    });
  assert.equal(await copy(), "200");
  assert.deepEqual(origin.get("bucket", "copy")?.tags, [["a", "1"]]);
  assert.equal(await copy(["x-amz-tagging-directive", "REPLACE"], ["x-amz-tagging", "b=2"]), "200");
  assert.deepEqual(origin.get("bucket", "copy")?.tags, [["b", "2"]]);
  assert.equal(await copy(["x-amz-metadata-directive", "MOVE"]), "400 InvalidArgument");
});

Deno.test("aws-chunked stays in Content-Encoding where nothing was framed", async () => {
  await using origin = await startOrigin();
  const headers = [["content-encoding", "aws-chunked"]] as const;
  assert.equal(await outcome(origin, { method: "PUT", target, headers, body: "x" }), "200");
  assert.deepEqual(origin.get("bucket", "k")?.contentHeaders[0], [
    "Content-Encoding",
    "aws-chunked",
  ]);
});

Deno.test("settings are refused where they do not fit", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "x");
  const put = (path: string, body: string, ...headers: readonly (readonly [string, string])[]) =>
    outcome(origin, { method: "PUT", target: path, body, headers: [md5(body), ...headers] });
  const metrics = "<MetricsConfiguration><Id>a</Id></MetricsConfiguration>";
  assert.equal(await put("/bucket?metrics&id=b", metrics), "400 InvalidArgument");
  assert.equal(await put("/bucket?cors", metrics), "400 MalformedXML");
  assert.equal(await put("/bucket?policy", "{}"), "400 MalformedPolicy");
  assert.equal(await put("/another", "<Rubbish/>"), "400 MalformedXML");
  assert.equal(
    await put("/bucket?versioning", "<VersioningConfiguration/>").then((text) =>
      text.split(" ")[0]
    ),
    "400",
  );
  const hold = "<LegalHold><Status>ON</Status></LegalHold>";
  assert.equal(await put("/bucket/k?legal-hold", hold), "400 InvalidRequest");
  assert.equal(
    await put("/bucket/k", "x", ["x-amz-object-lock-legal-hold", "ON"]),
    "400 InvalidRequest",
  );
  assert.equal(await put("/bucket/k", "x", ["x-amz-acl", "constructor"]), "400 InvalidArgument");
  assert.equal(
    await put("/bucket/k", "x", ["x-amz-storage-class", "WARM"]),
    "400 InvalidStorageClass",
  );
  assert.equal(await put("/bucket/k", "x", ["x-amz-tagging", "a=1&a=2"]), "400 InvalidTag");
  const attributes = [["x-amz-object-attributes", "constructor"]] as const;
  assert.equal(
    await outcome(origin, { target: "/bucket/k?attributes", headers: attributes }),
    "400 InvalidArgument",
  );
});

Deno.test("a key is not taken where the object needs none", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "x");
  const key = new Uint8Array(32);
  const prefix = "x-amz-server-side-encryption-customer-";
  const headers = [
    [`${prefix}algorithm`, "AES256"],
    [`${prefix}key`, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    [`${prefix}key-md5`, hash("md5", key, "base64")],
  ] as const;
  assert.equal(await outcome(origin, { target, headers }), "400 InvalidRequest");
});

Deno.test("methods that S3 has not, and places where it has them not", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "x");
  assert.equal(await outcome(origin, { method: "PATCH", target }), "501 NotImplemented");
  assert.equal(await outcome(origin, { method: "POST", target, body: "" }), "405 MethodNotAllowed");
  assert.equal(await outcome(origin, { method: "DELETE", target: "/" }), "405 MethodNotAllowed");
  assert.equal(await outcome(origin, { target: `${target}?torrent` }), "501 NotImplemented");
  assert.equal(await outcome(origin, { target: `${target}?unknown=1` }), "200");
});

Deno.test("of the versions of a key only the newest is the latest", async () => {
  await using origin = await startOrigin();
  origin.bucket("bucket").versioning = "Enabled";
  for (const body of ["1", "2"]) origin.put("bucket", "k", body);
  const { body } = await ask(origin, { target: "/bucket?versions" });
  assert.deepEqual(body.match(/<IsLatest>\w+/g), ["<IsLatest>true", "<IsLatest>false"]);
});

Deno.test("Connection: close is obeyed, and no body is asked for that is not announced", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "k", "x");
  using client = await RawClient.connect(origin);
  const headers = [["connection", "close"], ["expect", "100-continue"]] as const;
  await client.send(signedRequest(origin, { target, headers }));
  const answer = await client.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.fields.get("Connection"), "close");
  assert.equal(await client.rest(), "");
});
