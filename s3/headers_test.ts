import assert from "node:assert/strict";
import { HeaderList, type HeaderPair } from "./header_list.ts";
import {
  isChecksumField,
  isHopByHop,
  isPresignedParameter,
  isStoredField,
  NOT_MODIFIED_FIELDS,
  upstreamFields,
  upstreamQuery,
} from "./headers.ts";
import { Query } from "./query.ts";

const up = (...pairs: HeaderPair[]) => upstreamFields(new HeaderList(pairs));

Deno.test("hop-by-hop fields are those of RFC 9110 and those that Connection names", () => {
  for (const name of ["connection", "keep-alive", "te", "transfer-encoding", "upgrade"]) {
    assert.equal(isHopByHop(name, ""), true, name);
  }
  assert.equal(isHopByHop("x-mine", "close, X-Mine ,other"), true);
  assert.equal(isHopByHop("x-min", "close, X-Mine ,other"), false);
  assert.equal(isHopByHop("etag", "close"), false);
});

Deno.test("nothing of the client's signature or connection goes up, the rest does as it came", () => {
  const kept: HeaderPair[] = [
    ["content-type", "text/plain"],
    ["x-amz-acl", "private"],
    ["x-amz-copy-source", "/b/k"],
    ["x-amz-meta-a", "\u00e9"],
    ["x-amz-meta-a", "2"],
    ["content-md5", "x"],
    ["if-none-match", "*"],
    ["x-amz-checksum-crc32", "AAAAAA=="],
  ];
  const dropped: HeaderPair[] = [
    ["host", "localhost"],
    ["authorization", "AWS4-HMAC-SHA256 Credential=x"],
    ["date", "x"],
    ["x-amz-date", "x"],
    ["x-amz-content-sha256", "x"],
    ["x-amz-security-token", "x"],
    ["x-amz-decoded-content-length", "1"],
    ["x-amz-trailer", "x-amz-checksum-crc32"],
    ["content-length", "1"],
    ["transfer-encoding", "chunked"],
    ["expect", "100-continue"],
    ["proxy-authorization", "Basic x"],
    ["connection", "keep-alive"],
  ];
  assert.deepEqual(up(...dropped, ...kept), kept);
});

Deno.test("Connection, which nobody signs, takes no field away", () => {
  const kept: HeaderPair[] = [["if-none-match", "*"], ["x-amz-copy-source", "/b/k"]];
  assert.deepEqual(up(["connection", "close, if-none-match, x-amz-copy-source"], ...kept), kept);
});

Deno.test("aws-chunked is taken out of Content-Encoding, other codings stay", () => {
  const coding = (value: string) => up(["content-encoding", value]).map((pair) => pair[1]);
  assert.deepEqual(coding("aws-chunked"), []);
  assert.deepEqual(coding("aws-chunked,gzip"), ["gzip"]);
  assert.deepEqual(coding("gzip, AWS-Chunked"), ["gzip"]);
  assert.deepEqual(coding("gzip, br, aws-chunked"), ["gzip, br"]);
  assert.deepEqual(coding("gzip"), ["gzip"]);
  assert.deepEqual(coding("x-aws-chunked"), ["x-aws-chunked"]);
});

Deno.test("the signature of a presigned URL does not go up, in whatever case", () => {
  const query = new Query(
    "X-Amz-Algorithm=a&X-Amz-Credential=b&x-id=GetObject&X-Amz-Date=c&X-Amz-Expires=d" +
      "&X-Amz-SignedHeaders=host&versionId=%2f&x-amz-signature=e&X-Amz-Security-Token=f" +
      "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-amz-checksum-mode=ENABLED",
  );
  assert.equal(upstreamQuery(query), "x-id=GetObject&versionId=%2f&x-amz-checksum-mode=ENABLED");
  assert.equal(isPresignedParameter("X-Amz-Copy-Source"), false);
});

Deno.test("what belongs to one answer is not stored, what belongs to the object is", () => {
  for (
    const name of [
      "date",
      "age",
      "x-cache",
      "cache-status",
      "connection",
      "content-length",
      "content-range",
      "set-cookie",
      "x-amz-request-id",
      "x-amz-id-2",
    ]
  ) assert.equal(isStoredField(name), false, name);
  for (
    const name of [
      "etag",
      "last-modified",
      "content-type",
      "content-encoding",
      "accept-ranges",
      "cache-control",
      "x-amz-meta-a",
      "x-amz-version-id",
      "x-amz-tagging-count",
      "x-amz-restore",
      "x-amz-checksum-crc32",
      "x-amz-storage-class",
    ]
  ) assert.equal(isStoredField(name), true, name);
});

Deno.test("a 304 carries the validators and no description of a body", () => {
  for (const name of ["etag", "last-modified", "cache-control"]) {
    assert.equal(NOT_MODIFIED_FIELDS.has(name), true, name);
  }
  for (const name of ["content-type", "content-length", "content-encoding"]) {
    assert.equal(NOT_MODIFIED_FIELDS.has(name), false, name);
  }
});

Deno.test("checksums of whole objects are told from other fields", () => {
  for (const name of ["x-amz-checksum-crc64nvme", "x-amz-checksum-type", "content-md5"]) {
    assert.equal(isChecksumField(name), true, name);
  }
  for (const name of ["etag", "x-amz-meta-checksum"]) assert.equal(isChecksumField(name), false);
});
