import assert from "node:assert/strict";
import { HeaderList, type HeaderPair, parseRequestTarget, Query } from "@s3-edge-cache/s3";
import { parseAmzDate } from "./amz_date.ts";
import { canonicalHeaders, canonicalQuery, canonicalRequest, stringToSign } from "./canonical.ts";
import { sha256Hex } from "./sha256.ts";
import { presign } from "./sign.ts";
import { SigningKey } from "./signature.ts";
import examples from "./testdata/aws_examples.json" with { type: "json" };
import { verifiedBody } from "./verified_body.ts";
import { Verifier } from "./verify.ts";
import { bytesOf, streamOf } from "./testdata/body.ts";

const { accessKeyId, secretAccessKey, region, dateTime } = examples;
const credentials = { accessKeyId, secretAccessKey };
const time = parseAmzDate(dateTime)!;
const key = new SigningKey(secretAccessKey, dateTime.slice(0, 8), region);
const verifier = new Verifier({ credentials, region, now: () => time });

function authorization(signedHeaders: string, signature: string): HeaderPair {
  return [
    "authorization",
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${key.scope},` +
    `SignedHeaders=${signedHeaders},Signature=${signature}`,
  ];
}

for (const example of examples.header) {
  const fields = example.headers as unknown as HeaderPair[];
  const signed = example.canonicalRequest.split("\n").at(-2)!;

  Deno.test(`Amazon's example ${example.name}, step by step`, () => {
    const target = parseRequestTarget(
      { method: example.method, target: example.target, headers: new HeaderList(fields) },
      { virtualHostDomain: "s3.amazonaws.com" },
    );
    const request = canonicalRequest({
      method: example.method,
      path: target.canonicalPath,
      query: canonicalQuery(target.query),
      headers: canonicalHeaders(fields, signed.split(";"))!,
      signedHeaders: signed,
      payloadHash: sha256Hex(example.body),
    });
    assert.equal(request, example.canonicalRequest);
    assert.equal(sha256Hex(request), example.canonicalRequestHash);
    const text = stringToSign(dateTime, key.scope, request);
    assert.equal(
      text,
      `AWS4-HMAC-SHA256\n${dateTime}\n20130524/us-east-1/s3/aws4_request\n` +
        example.canonicalRequestHash,
    );
    assert.equal(key.sign(text), example.signature);
  });

  Deno.test(`Amazon's example ${example.name} is verified`, () => {
    const headers = new HeaderList([...fields, authorization(signed, example.signature)]);
    const head = { method: example.method, target: example.target, headers };
    const verified = verifier.verify(head, parseRequestTarget(head));
    assert.equal(verified.accessKeyId, accessKeyId);
    assert.deepEqual(verified.payload, { kind: "sha256", hash: sha256Hex(example.body) });
  });
}

Deno.test("Amazon's example of a presigned URL, step by step", () => {
  const { presigned } = examples;
  assert.equal(sha256Hex(presigned.canonicalRequest), presigned.canonicalRequestHash);
  const query = presign({
    credentials,
    region,
    time,
    expiresSeconds: presigned.expiresSeconds,
    method: presigned.method,
    path: presigned.path,
    query: "",
    headers: [["host", presigned.host]],
  });
  assert.equal(new Query(query).get("X-Amz-Signature"), presigned.signature);
  assert.equal(
    canonicalQuery(new Query(query), "X-Amz-Signature"),
    presigned.canonicalRequest.split("\n")[2],
  );
  const head = {
    method: presigned.method,
    target: `${presigned.path}?${query}`,
    headers: new HeaderList([["host", presigned.host]]),
  };
  assert.equal(verifier.verify(head, parseRequestTarget(head)).payload.kind, "unsigned");
});

for (const example of examples.chunked) {
  Deno.test(`Amazon's example of a ${example.name} is verified`, async () => {
    const fields = example.headers as unknown as HeaderPair[];
    const headers = new HeaderList([
      ...fields,
      authorization(example.signedHeaders, example.signature),
    ]);
    const head = { method: example.method, target: example.target, headers };
    const verified = verifier.verify(head, parseRequestTarget(head));
    assert.equal(verified.signature, example.signature);

    const data = "a".repeat(66560);
    let at = 0;
    let text = "";
    for (const [size, signature] of example.chunks as [number, string][]) {
      text += `${size.toString(16)};chunk-signature=${signature}\r\n`;
      if (size > 0) text += data.slice(at, at + size) + "\r\n";
      at += size;
    }
    text += example.trailer + "\r\n";
    const announced = headers.get("content-length");
    if (announced !== undefined) assert.equal(String(text.length), announced);
    const body = await verifiedBody(streamOf(text), verified, text.length);
    assert.equal(await bytesOf(body.stream), data);
    assert.equal(body.length, data.length);
    if (example.trailer !== "") assert.equal(body.trailer?.value(), "sOO8/Q==");
  });
}
