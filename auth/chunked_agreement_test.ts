import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import assert from "node:assert/strict";
import fc from "fast-check";
import { S3Error } from "@s3-edge-cache/s3";
import { chunkedText, type ChunkSigner, readBody, streamOf } from "./testdata/body.ts";
import { signedHead, verify } from "./testdata/requests.ts";
import { verifiedBody } from "./verified_body.ts";
import type { VerifiedSignature } from "./verify.ts";

const FORMS = [
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
] as const;

const sha256 = (text: string) => createHash("sha256").update(text, "latin1").digest("hex");

function checksum(data: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(Buffer.from(data, "latin1")));
  return bytes.toString("base64");
}

function signature(form: string, length: number): VerifiedSignature {
  return verify(signedHead({
    method: "PUT",
    payloadHash: form,
    headers: [
      ["x-amz-decoded-content-length", String(length)],
      ...(form.endsWith("TRAILER") ? [["x-amz-trailer", "x-amz-checksum-crc32"] as const] : []),
    ],
  }));
}

/**
 * A body decoded by Amazon's description alone, all at once; `undefined` where it does not meet
 * it. Blank lines and blanks around a trailer's field are let pass, as HTTP lets them.
 */
function decode(text: string, form: string, length: number, signer: ChunkSigner) {
  let rest = text;
  let data = "";
  let previous = signer.signature;
  const chain = (kind: string, hashes: string) =>
    previous = signer.signingKey.sign(
      `AWS4-HMAC-SHA256-${kind}\n${signer.dateTime}\n${signer.signingKey.scope}\n${previous}\n${hashes}`,
    );
  const signed = form !== FORMS[2];
  for (;;) {
    const line = /^([0-9A-Fa-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?\r\n/.exec(rest);
    if (line === null) return undefined;
    const size = parseInt(line[1]!, 16);
    const chunk = rest.slice(line[0].length, line[0].length + size);
    if (signed && line[2] !== chain("PAYLOAD", `${sha256("")}\n${sha256(chunk)}`)) return undefined;
    rest = rest.slice(line[0].length + size);
    if (size === 0) break;
    if (chunk.length < size || !rest.startsWith("\r\n")) return undefined;
    rest = rest.slice(2);
    data += chunk;
  }
  if (data.length !== length || !rest.endsWith("\n")) return undefined;
  const fields = rest.split("\n").map((line) => line.trim()).filter((line) => line !== "")
    .map((line) => /^([^:]+?)\s*:\s*(.*)$/.exec(line)?.slice(1) as [string, string] | undefined);
  if (fields.includes(undefined)) return undefined;
  const named = new Map(fields.map((field) => [field![0].toLowerCase(), field![1]]));
  if (named.size !== fields.length) return undefined;
  const wanted = form === FORMS[0] ? [] : ["x-amz-checksum-crc32"];
  const allowed = signed && form !== FORMS[0] ? ["x-amz-trailer-signature"] : [];
  if (form === FORMS[2]) named.delete("x-amz-trailer-signature");
  if ([...named.keys()].sort().join() !== [...wanted, ...allowed].sort().join()) return undefined;
  if (form === FORMS[0]) return data;
  const value = named.get("x-amz-checksum-crc32")!;
  if (value !== checksum(data)) return undefined;
  if (signed) {
    const trailer = chain("TRAILER", sha256(`x-amz-checksum-crc32:${value}\n`));
    if (trailer !== named.get("x-amz-trailer-signature")) return undefined;
  }
  return data;
}

const chunks = fc.array(fc.string({ unit: fc.constantFrom(..."ab\r\n0;"), minLength: 1 }), {
  maxLength: 4,
});
const wound = fc.tuple(
  fc.nat(600),
  fc.nat(3),
  fc.constantFrom("", "0", "1", "a", "\r\n", "\n", "\r", ";", " ", ":", "0\r\n\r\n", "x-a:b\r\n"),
);

Deno.test("a framed body is taken, and read, as Amazon's description says", async () => {
  const taken = { whole: 0, wounded: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FORMS),
      chunks,
      fc.array(wound, { maxLength: 2 }),
      fc.integer({ min: 1, max: 70 }),
      async (form, chunks, wounds, piece) => {
        const data = chunks.join("");
        const head = signature(form, data.length);
        let text = chunkedText({
          chunks,
          ...(form === FORMS[0] ? {} : { trailer: [`x-amz-checksum-crc32:${checksum(data)}`] }),
          ...(form === FORMS[2] ? {} : { signer: head }),
        });
        for (const [at, gone, mend] of wounds) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + mend + text.slice(place + gone);
        }
        const expected = decode(text, form, data.length, head);
        const read = await readWhole(text, head, piece);
        assert.equal(read, expected, JSON.stringify(text));
        if (read !== undefined) taken[wounds.length === 0 ? "whole" : "wounded"]++;
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(taken.whole > 100 && taken.wounded > 20, JSON.stringify(taken));
});

async function readWhole(
  text: string,
  head: VerifiedSignature,
  piece: number,
): Promise<string | undefined> {
  try {
    const { stream } = await verifiedBody(streamOf(text, piece), head, undefined);
    const { data, error } = await readBody(stream);
    if (error === undefined) return data;
    assert.ok(error instanceof S3Error, String(error));
  } catch (error) {
    assert.ok(error instanceof S3Error, String(error));
  }
  return undefined;
}
