import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { checksumAlgorithm, createChecksum } from "./checksum.ts";
import { outgoingBody } from "./outgoing_body.ts";
import { bytesOf, chunkedText, readBody, streamOf } from "./testdata/body.ts";
import { signedHead, verify } from "./testdata/requests.ts";
import { framedBody } from "./trailer_body.ts";
import type { VerifiedSignature } from "./verify.ts";
import { verifiedBody } from "./verified_body.ts";

const MIB = 1024 * 1024;

function headOf(payloadHash: string, length: number, name: string | undefined): VerifiedSignature {
  return verify(signedHead({
    method: "PUT",
    payloadHash,
    headers: [
      ["x-amz-decoded-content-length", String(length)],
      ...(name === undefined ? [] : [["x-amz-trailer", name] as const]),
    ],
  }));
}

function checksumOf(name: string, data: string): string {
  const checksum = createChecksum(checksumAlgorithm(name)!);
  checksum.update(Buffer.from(data, "latin1"));
  return checksum.digest();
}

for (const algorithm of ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"]) {
  Deno.test(`a body with a ${algorithm} trailer goes up with it, framed anew`, async () => {
    const name = `x-amz-checksum-${algorithm}`;
    const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 6, name);
    const trailer = [`${name}:${checksumOf(name, "abcdef")}`];
    const text = chunkedText({ chunks: ["abc", "de", "f"], trailer });
    const outgoing = outgoingBody(
      await verifiedBody(streamOf(text, 5), head, text.length),
      head.payload,
    );
    const sent = await bytesOf(outgoing.open(head));
    assert.equal(sent, chunkedText({ chunks: ["abcdef"], trailer }));
    assert.equal(outgoing.contentLength, sent.length);
    assert.equal(outgoing.payloadHash, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert.deepEqual(outgoing.headers, [
      ["x-amz-decoded-content-length", "6"],
      ["x-amz-trailer", name],
    ]);
  });
}

Deno.test("the framed length is exact at every size, and the framing is read back", async () => {
  const name = "x-amz-checksum-crc32";
  for (const length of [0, 1, 15, 16, MIB - 1, MIB, MIB + 1, 2 * MIB, 2 * MIB + 65_535]) {
    const data = "x".repeat(length);
    const value = checksumOf(name, data);
    const framed = framedBody(streamOf(data, 65_536), length, {
      name,
      algorithm: "crc32",
      value: () => value,
    });
    const sent = await bytesOf(framed.stream);
    assert.equal(sent.length, framed.contentLength, `${length}`);
    const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", length, name);
    const { stream } = await verifiedBody(streamOf(sent, 50_000), head, sent.length);
    assert.equal(await bytesOf(stream), data);
  }
});

Deno.test("neither the last chunk nor the trailer goes up for a body that is refused", async () => {
  const name = "x-amz-checksum-crc32";
  const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 4, name);
  const text = chunkedText({ chunks: ["abcd"], trailer: [`${name}:AAAAAA==`] });
  const outgoing = outgoingBody(
    await verifiedBody(streamOf(text, 3), head, text.length),
    head.payload,
  );
  const { data, error } = await readBody(outgoing.open(head));
  assert.ok(error);
  assert.ok(!data.includes("\r\n0\r\n"));
  assert.ok(data.length < outgoing.contentLength);
});

Deno.test("data that is not as long as announced makes no whole body", async () => {
  const trailer = {
    name: "x-amz-checksum-crc32",
    algorithm: "crc32",
    value: () => "AAAAAA==",
  } as const;
  for (const length of [3, 5]) {
    const { stream } = framedBody(streamOf("abcd"), length, trailer);
    await assert.rejects(bytesOf(stream));
  }
});

Deno.test("signed chunks go up in chunks signed anew, of exactly the announced length", async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
    const signed = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", length, undefined);
    const data = "x".repeat(length);
    const text = chunkedText({ chunks: length === 0 ? [] : [data], signer: signed });
    const client = await verifiedBody(streamOf(text, 10_000), signed, text.length);
    const outgoing = outgoingBody(client, signed.payload);
    assert.equal(outgoing.payloadHash, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assert.deepEqual(outgoing.headers, [["x-amz-decoded-content-length", String(length)]]);
    const sent = await bytesOf(outgoing.open(signed));
    assert.equal(sent.length, outgoing.contentLength);
    const origin = await verifiedBody(streamOf(sent, 7_000), signed, sent.length);
    assert.equal(await bytesOf(origin.stream), data);
  }
});

Deno.test("the last chunk does not go up for signed chunks that are refused", async () => {
  const signed = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 4, undefined);
  const text = chunkedText({ chunks: ["ab", "cd"], signer: signed }).replace("cd", "cX");
  const client = await verifiedBody(streamOf(text, 3), signed, text.length);
  const { data, error } = await readBody(outgoingBody(client, signed.payload).open(signed));
  assert.ok(error);
  assert.ok(!data.includes("0;chunk-signature="));
});

Deno.test("a body without chunks goes up as it is", async () => {
  const hash = "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589";
  const hashed = verify(signedHead({ method: "PUT", payloadHash: hash }));
  const plain = outgoingBody(await verifiedBody(streamOf("abcd"), hashed, 4), hashed.payload);
  assert.equal(await bytesOf(plain.open(hashed)), "abcd");
  assert.equal(plain.payloadHash, hash);
});
