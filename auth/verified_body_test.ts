import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { S3Error } from "@s3-edge-cache/s3";
import { type ChecksumAlgorithm, createChecksum } from "./checksum.ts";
import { EMPTY_SHA256 } from "./signature.ts";
import { bytesOf, chunkedText, readBody, streamOf } from "./testdata/body.ts";
import { signedHead, verify } from "./testdata/requests.ts";
import { verifiedBody } from "./verified_body.ts";
import type { VerifiedSignature } from "./verify.ts";

const DATA = "0123456789\r\n;chunk\xff\x00";

function checksumOf(algorithm: ChecksumAlgorithm, data: string): string {
  const checksum = createChecksum(algorithm);
  checksum.update(Buffer.from(data, "latin1"));
  return checksum.digest();
}

function sha256(data: string): string {
  return createHash("sha256").update(data, "latin1").digest("hex");
}

/** A verified head that says this of its body. */
function headOf(payloadHash: string, length?: number, trailer?: string): VerifiedSignature {
  return verify(signedHead({
    method: "PUT",
    payloadHash,
    headers: [
      ...(length === undefined ? [] : [["x-amz-decoded-content-length", String(length)] as const]),
      ...(trailer === undefined ? [] : [["x-amz-trailer", trailer] as const]),
    ],
  }));
}

/** A body in each of the forms that are verified, with the head that announces it. */
function forms(
  data: string,
  chunks: readonly string[],
): Record<string, [VerifiedSignature, string]> {
  const plain = headOf(sha256(data));
  const signed = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", data.length);
  const name = "x-amz-checksum-crc32c";
  const trailer = [`${name}:${checksumOf("crc32c", data)}`];
  const both = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", data.length, name);
  const unsigned = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", data.length, name);
  return {
    "with a hash": [plain, data],
    "in signed chunks": [signed, chunkedText({ chunks, signer: signed })],
    "in signed chunks with a trailer": [both, chunkedText({ chunks, signer: both, trailer })],
    "in unsigned chunks with a trailer": [unsigned, chunkedText({ chunks, trailer })],
  };
}

/** Reads a body through its verification. */
async function read(head: VerifiedSignature, text: string, piece: number, length = text.length) {
  try {
    const { stream } = await verifiedBody(streamOf(text, piece), head, length);
    return await readBody(stream);
  } catch (error) {
    return { data: "", error };
  }
}

for (
  const [name, [head, text]] of Object.entries(
    forms(DATA, ["0", DATA.slice(1, 12), DATA.slice(12)]),
  )
) {
  Deno.test(`a body ${name} is read, wherever it is cut`, async () => {
    for (let piece = 1; piece <= text.length; piece++) {
      assert.deepEqual(await read(head, text, piece), { data: DATA, error: undefined }, `${piece}`);
    }
    const body = await verifiedBody(streamOf(text), head, text.length);
    assert.equal(body.length, DATA.length);
  });

  Deno.test(`a body ${name} with any byte changed never gets whole`, async () => {
    for (let at = 0; at < text.length; at++) {
      for (const flip of [0x01, 0x20, 0x80]) {
        const byte = String.fromCharCode(text.charCodeAt(at) ^ flip);
        const { data, error } = await read(head, text.slice(0, at) + byte + text.slice(at + 1), 7);
        if (error === undefined) assert.equal(data, DATA, `a harmless change at ${at}`);
        else {
          assert.ok(error instanceof S3Error, String(error));
          assert.ok(data.length < DATA.length, `all was handed on, byte ${at} changed`);
        }
      }
    }
  });

  Deno.test(`a body ${name} that is cut off, or goes on, never gets whole`, async () => {
    for (let end = 0; end < text.length; end++) {
      const { data, error } = await read(head, text.slice(0, end), 7, text.length);
      assert.ok(error instanceof S3Error, `cut at ${end}: ${error}`);
      assert.ok(data.length < DATA.length, `cut at ${end}`);
    }
    const { data, error } = await read(head, text + "x", 7, text.length);
    assert.ok(error instanceof S3Error && error.code === "IncompleteBody", String(error));
    assert.ok(data.length < DATA.length);
  });
}

for (const [name, [head, text]] of Object.entries(forms("", []))) {
  Deno.test(`an empty body ${name} is verified before anything is handed on`, async () => {
    const body = await verifiedBody(streamOf(text), head, text.length);
    assert.equal(await bytesOf(body.stream), "");
    const tampered = text === "" ? [headOf(sha256("x")), ""] as const : [
      head,
      text.replace(
        /(?<=(?:signature=|:))./,
        (x) => x === "0" ? "1" : "0",
      ),
    ] as const;
    await assert.rejects(
      verifiedBody(streamOf(tampered[1]), tampered[0], tampered[1].length),
      S3Error,
    );
  });
}

async function code(head: VerifiedSignature, text: string): Promise<string> {
  const { data, error } = await read(head, text, 5);
  assert.ok(error instanceof S3Error, String(error));
  const { payload } = head;
  if (payload.kind === "chunked") assert.ok(data.length < payload.decodedLength);
  return error.code;
}

Deno.test("a hash that is not the body's is answered with both", async () => {
  const { error } = await read(headOf(EMPTY_SHA256), "x", 1);
  assert.ok(error instanceof S3Error);
  assert.equal(error.code, "XAmzContentSHA256Mismatch");
  assert.deepEqual(error.details, {
    ClientComputedContentSHA256: EMPTY_SHA256,
    S3ComputedContentSHA256: sha256("x"),
  });
});

Deno.test("a chunk's signature continues the one before", async () => {
  const head = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 4);
  const text = chunkedText({ chunks: ["ab", "cd"], signer: head });
  const first = text.slice(0, text.indexOf("\r\n", text.indexOf("ab")) + 2);
  const second = text.slice(first.length, first.length * 2);
  const last = text.slice(first.length * 2);
  assert.equal((await read(head, first + second + last, 5)).error, undefined);
  assert.equal(await code(head, second + first + last), "SignatureDoesNotMatch");
  assert.equal(await code(head, first + first + last), "SignatureDoesNotMatch");
  const unsigned = chunkedText({ chunks: ["abcd"] });
  assert.equal(await code(head, unsigned), "IncompleteBody");
});

Deno.test("framing that is none is refused", async () => {
  const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 4);
  for (
    const text of [
      "",
      "4\r\nabcd\r\n",
      "4\r\nabcd\r\n0\r\n",
      "3\r\nabc\r\n0\r\n\r\n",
      "5\r\nabcde\r\n0\r\n\r\n",
      "20\r\n" + "x".repeat(32) + "\r\n0\r\n\r\n",
      "4\r\nabcd0\r\n\r\n",
      "4\r\nabcd\n0\r\n\r\n",
      "4\nabcd\r\n0\r\n\r\n",
      "-4\r\nabcd\r\n0\r\n\r\n",
      "0x4\r\nabcd\r\n0\r\n\r\n",
      " 4\r\nabcd\r\n0\r\n\r\n",
      "\r\n4\r\nabcd\r\n0\r\n\r\n",
      "ffffffffffffffff\r\nabcd\r\n0\r\n\r\n",
      "4;" + "x".repeat(10_000) + "\r\nabcd\r\n0\r\n\r\n",
      "0".repeat(10_000),
      "4\r\nabcd\r\n0\r\n" + "\r\n".repeat(5000),
    ]
  ) assert.equal(await code(head, text), "IncompleteBody", JSON.stringify(text.slice(0, 40)));
});

Deno.test("a trailer is the one announced, its value a checksum, and the right one", async () => {
  const name = "x-amz-checksum-crc32";
  const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 4, name);
  const value = checksumOf("crc32", "abcd");
  const body = (...trailer: string[]) => chunkedText({ chunks: ["abcd"], trailer });
  assert.equal((await read(head, body(`${name}:${value}`), 5)).error, undefined);
  assert.equal((await read(head, body(`X-Amz-Checksum-CRC32 : ${value} `), 5)).error, undefined);
  assert.equal(await code(head, body(`${name}:AAAAAA==`)), "BadDigest");
  assert.equal(await code(head, body(`${name}:AAAA`)), "InvalidRequest");
  assert.equal(await code(head, body(`${name}:`)), "InvalidRequest");
  assert.equal(await code(head, body()), "MalformedTrailerError");
  assert.equal(await code(head, body("nonsense")), "MalformedTrailerError");
  assert.equal(await code(head, body(`x-amz-checksum-crc32c:${value}`)), "MalformedTrailerError");
  assert.equal(
    await code(head, body(`${name}:${value}`, "x-amz-meta-a:1")),
    "MalformedTrailerError",
  );
  assert.equal(
    await code(head, body(`${name}:${value}`, `${name}:${value}`)),
    "MalformedTrailerError",
  );
  const none = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 4);
  assert.equal((await read(none, body(), 5)).error, undefined);
  assert.equal(await code(none, body(`${name}:${value}`)), "MalformedTrailerError");
});

Deno.test("a signed trailer needs its signature", async () => {
  const name = "x-amz-checksum-sha1";
  const head = headOf("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", 2, name);
  const trailer = [`${name}:${checksumOf("sha1", "ab")}`];
  const whole = chunkedText({ chunks: ["ab"], signer: head, trailer });
  const line = /x-amz-trailer-signature:.{64}\r\n/;
  assert.equal(await code(head, whole.replace(line, "")), "MalformedTrailerError");
  const wrong = whole.replace(/(trailer-signature:.{63})./, (_, start: string) => `${start}g`);
  assert.equal(await code(head, wrong), "SignatureDoesNotMatch");
  const minio = whole.replace(trailer[0]! + "\r\n", trailer[0]! + "\n\r\n");
  assert.equal((await read(head, minio, 5)).error, undefined);
});

Deno.test("a body whose length is nowhere said is refused", async () => {
  for (const payloadHash of ["UNSIGNED-PAYLOAD", EMPTY_SHA256]) {
    await assert.rejects(
      verifiedBody(streamOf("x"), headOf(payloadHash), undefined),
      (error) => error instanceof S3Error && error.code === "MissingContentLength",
    );
    const { stream, length } = await verifiedBody(null, headOf(payloadHash), undefined);
    assert.equal(length, 0);
    assert.equal(await bytesOf(stream), "");
  }
  const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 2);
  const { stream } = await verifiedBody(streamOf("2\r\nab\r\n0\r\n\r\n"), head, undefined);
  assert.equal(await bytesOf(stream), "ab");
});

Deno.test("an unsigned body passes as it is, and no shorter than announced", async () => {
  const head = headOf("UNSIGNED-PAYLOAD");
  assert.deepEqual(await read(head, "abc", 1), { data: "abc", error: undefined });
  const { data, error } = await read(head, "abc", 1, 4);
  assert.equal(data, "ab");
  assert.ok(error instanceof S3Error && error.code === "IncompleteBody");
});

Deno.test("a chunk of any size streams through: views of what came in, one at a time", async () => {
  const size = 64 * 1024;
  const count = 2048;
  const piece = new Uint8Array(size);
  const head = headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", size * count);
  let pulls = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++;
      if (pulls === 1) {
        controller.enqueue(new TextEncoder().encode(`${(size * count).toString(16)}\r\n`));
      } else if (pulls <= count + 1) controller.enqueue(piece);
      else {
        controller.enqueue(new TextEncoder().encode("\r\n0\r\n\r\n"));
        controller.close();
      }
    },
  }, { highWaterMark: 0 });
  const { stream } = await verifiedBody(source, head, undefined);
  assert.equal(pulls, 0);
  let given = 0;
  for await (const data of stream) {
    given++;
    assert.equal(data.buffer, piece.buffer);
    assert.ok(pulls <= given + 2, `${pulls} pulls for ${given} pieces`);
  }
  assert.equal(given, count);
});

Deno.test("a line or trailer without an end is refused while it comes", async () => {
  for (const start of ["", "1;", "1\r\na\r\n0\r\n"]) {
    let pulls = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        const text = pulls++ === 0 ? start + "0" : "0".repeat(1000);
        if (pulls > 1000) controller.close();
        else controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const { stream } = await verifiedBody(
      source,
      headOf("STREAMING-UNSIGNED-PAYLOAD-TRAILER", 1),
      undefined,
    );
    const { error } = await readBody(stream);
    assert.ok(error instanceof S3Error && error.code === "IncompleteBody");
    assert.ok(pulls < 10, `${pulls} pulls`);
  }
});

Deno.test("the source is given up when the reader leaves, and when the body is refused", async () => {
  const reasons: unknown[] = [];
  const source = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: (reason) => void reasons.push(reason),
    });
  const { stream } = await verifiedBody(source(), headOf("UNSIGNED-PAYLOAD"), 1000);
  await stream.cancel("gone");
  assert.deepEqual(reasons, ["gone"]);
  const refused = await verifiedBody(source(), headOf("UNSIGNED-PAYLOAD"), 5);
  await assert.rejects(bytesOf(refused.stream), S3Error);
  assert.ok(reasons.at(-1) as unknown instanceof S3Error);
});

Deno.test("an error of the source is an incomplete body, for the reason it gave", async () => {
  const failure = new Error("connection lost");
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(failure),
  });
  const { stream } = await verifiedBody(source, headOf(EMPTY_SHA256), 5);
  const { error } = await readBody(stream);
  assert.ok(error instanceof S3Error);
  assert.equal(error.code, "IncompleteBody");
  assert.equal(error.cause, failure);
});
