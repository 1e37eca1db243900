import assert from "node:assert/strict";
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { parsePayload } from "./payload.ts";
import { refusal } from "./testdata/requests.ts";

const LENGTH: HeaderPair = ["x-amz-decoded-content-length", "10"];
const TRAILER: HeaderPair = ["x-amz-trailer", "x-amz-checksum-crc32"];

function parse(value: string, ...fields: HeaderPair[]) {
  return parsePayload(value, new HeaderList(fields));
}

Deno.test("every form of payload is told from the others", () => {
  const trailer = { name: "x-amz-checksum-crc32", algorithm: "crc32" };
  const chunked = { kind: "chunked", decodedLength: 10 };
  assert.deepEqual(parse("UNSIGNED-PAYLOAD"), { kind: "unsigned" });
  assert.deepEqual(parse("ab".repeat(32)), { kind: "sha256", hash: "ab".repeat(32) });
  assert.deepEqual(parse("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", LENGTH), {
    ...chunked,
    signed: true,
    trailer: undefined,
  });
  assert.deepEqual(parse("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", LENGTH, TRAILER), {
    ...chunked,
    signed: true,
    trailer,
  });
  assert.deepEqual(parse("STREAMING-UNSIGNED-PAYLOAD-TRAILER", LENGTH, TRAILER), {
    ...chunked,
    signed: false,
    trailer,
  });
});

Deno.test("a chunked body says how long it is without its framing", () => {
  const form = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  assert.equal(refusal(() => parse(form)).code, "MissingContentLength");
  for (const value of ["", "-1", "1.5", "1e3", "0x10", "10,10", "9".repeat(20)]) {
    const error = refusal(() => parse(form, ["x-amz-decoded-content-length", value]));
    assert.equal(error.code, "InvalidArgument", value);
  }
});

Deno.test("a trailer is one checksum", () => {
  for (const value of ["", "x-amz-meta-a", "x-amz-checksum-crc32,x-amz-checksum-sha1", "etag"]) {
    const error = refusal(() =>
      parse("STREAMING-UNSIGNED-PAYLOAD-TRAILER", LENGTH, ["x-amz-trailer", value])
    );
    assert.equal(error.code, "InvalidRequest", value);
  }
});
