import assert from "node:assert/strict";
import { HeaderList, type HeaderPair, upstreamFields } from "@s3-edge-cache/s3";
import { upstreamBody } from "./upload.ts";

/** The content encodings that go up with these of the client, framed or not. */
function encodings(value: string | undefined, framed: boolean): string | undefined {
  const fields: HeaderPair[] = value === undefined ? [] : [["content-encoding", value]];
  const { headers } = upstreamBody({
    stream: new ReadableStream(),
    length: 1,
    trailer: undefined,
    payload: framed
      ? { kind: "chunked", signed: true, trailer: undefined, decodedLength: 1 }
      : { kind: "unsigned" },
  }, upstreamFields(new HeaderList(fields)));
  return new HeaderList(headers).get("content-encoding");
}

Deno.test("aws-chunked is a content encoding of framed bodies alone", () => {
  assert.equal(encodings(undefined, false), undefined);
  assert.equal(encodings("aws-chunked", false), undefined);
  assert.equal(encodings("AWS-Chunked, gzip", false), "gzip");
  assert.equal(encodings("gzip", false), "gzip");
  assert.equal(encodings(undefined, true), "aws-chunked");
  assert.equal(encodings("", true), "aws-chunked");
  assert.equal(encodings("gzip,aws-chunked", true), "aws-chunked,gzip");
});
