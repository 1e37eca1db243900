import assert from "node:assert/strict";
import { type BypassReason, cacheability, checkedVariant } from "./cacheability.ts";
import type { HeaderPair } from "./header_list.ts";
import { routed } from "./testdata/routed.ts";

function judge(target: string, pairs: readonly HeaderPair[] = [], method = "GET") {
  const request = routed(method, target, pairs);
  return cacheability(request.route, request.target, request.headers);
}

function variant(target: string, pairs: readonly HeaderPair[] = []): string {
  const result = judge(target, pairs);
  assert.equal(result.kind, "cacheable", target);
  return result.kind === "cacheable" ? result.variant : "";
}

function reason(target: string, pairs: readonly HeaderPair[] = [], method = "GET") {
  const result = judge(target, pairs, method);
  return result.kind === "bypass" ? result.reason : result;
}

Deno.test("plain reads are cacheable, as the SDKs, the CLI and browsers send them", () => {
  const pairs: HeaderPair[] = [
    ["authorization", "AWS4-HMAC-SHA256 x"],
    ["x-amz-date", "20260101T000000Z"],
    ["x-amz-content-sha256", "UNSIGNED-PAYLOAD"],
    ["x-amz-security-token", "t"],
    ["x-amz-user-agent", "aws-sdk-js/3"],
    ["amz-sdk-invocation-id", "1"],
    ["amz-sdk-request", "attempt=1"],
    ["x-amzn-trace-id", "Root=1"],
    ["x-forwarded-for", "10.0.0.1"],
    ["accept-encoding", "gzip"],
    ["range", "bytes=0-1"],
    ["if-none-match", 'W/"a", "b"'],
    ["if-match", "a"],
    ["if-modified-since", "Thu, 01 Jan 2026 00:00:00 GMT"],
    ["if-unmodified-since", "Thu, 01 Jan 2026 00:00:00 GMT"],
    ["if-range", '"a"'],
    ["content-length", "0"],
    ["cookie", "a=b"],
  ];
  assert.equal(variant("/b/k", pairs), "");
  assert.deepEqual(judge("/b/k", pairs, "HEAD"), judge("/b/k", pairs));
  assert.equal(variant("/b/k?x-id=GetObject"), "");
  assert.equal(
    variant(
      "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Date=d&X-Amz-Expires=1" +
        "&X-Amz-SignedHeaders=host&X-Amz-Signature=s&X-Amz-Security-Token=a+b" +
        "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-User-Agent=x",
    ),
    "",
  );
});

Deno.test("versions and ways of asking are variants of their own, in one spelling", () => {
  const mode: HeaderPair = ["x-amz-checksum-mode", "ENABLED"];
  const variants = [
    variant("/b/k"),
    variant("/b/k?versionId=1"),
    variant("/b/k?versionId=null"),
    variant("/b/k", [mode]),
    variant("/b/k?x-amz-checksum-mode=ENABLED"),
    variant("/b/k?versionId=1", [mode]),
    variant("/b/k?versionId=1%26checksum-mode%3Dheader"),
    variant("/b/k?versionId=%ff"),
    variant("/b/k?versionId=%fe"),
  ];
  assert.equal(new Set(variants).size, variants.length, variants.join());
  assert.equal(variant("/b/k?version%49d=a%2Db%2f"), variant("/b/k?versionId=a-b/"));
  assert.equal(
    variant("/b/k?versionId=1&x-amz-checksum-mode=ENABLED"),
    variant("/b/k?X-Amz-Checksum-Mode=ENABLED&x-id=GetObject&versionId=1"),
  );
});

Deno.test("a variant without checksums has one with them", () => {
  const mode: HeaderPair = ["x-amz-checksum-mode", "ENABLED"];
  for (const target of ["/b/k", "/b/k?versionId=1%26checksum-mode%3Dheader"]) {
    assert.equal(checkedVariant(variant(target)), variant(target, [mode]));
    assert.equal(checkedVariant(variant(target, [mode])), undefined);
  }
});

Deno.test("response overrides are no variant: they shape the answer", () => {
  assert.deepEqual(judge("/b/k?response-content-type=text%2Fplain&versionId=1"), {
    kind: "cacheable",
    variant: "versionId=1",
    overrides: [["content-type", "text/plain"]],
    maxAgeSeconds: Infinity,
  });
});

Deno.test("whatever else may change the answer goes to the origin", () => {
  const cases: readonly (readonly [BypassReason, target: string, HeaderPair?])[] = [
    ["operation", "/b"],
    ["operation", "/b/k?tagging"],
    ["operation", "/b/k?invented"],
    ["operation", "/b/k?versionId=1&acl"],
    ["operation", "/b/k?versionid=1"],
    ["target", "/b/a+b"],
    ["query", "/b/k?partNumber=1"],
    ["query", "/b/k?prefix=a"],
    ["query", "/b/k?versionId="],
    ["query", "/b/k?versionId"],
    ["query", "/b/k?versionId=1&versionId=2"],
    ["query", "/b/k?versionId=a+b"],
    ["query", "/b/k?versionId=a;acl"],
    ["query", "/b/k?x-amz-checksum-mode=enabled"],
    ["query", "/b/k?x-amz-checksum-mode=ENABLED", ["x-amz-checksum-mode", "ENABLED"]],
    ["query", "/b/k?x-amz-expected-bucket-owner=1"],
    ["query", "/b/k?X-Amz-Server-Side-Encryption-Customer-Key=1"],
    ["query", "/b/k?response-content-type=a+b"],
    ["query", "/b/k?response-content-type="],
    ["query", "/b/k?response-expires=soon"],
    ["header", "/b/k", ["x-amz-expected-bucket-owner", "1"]],
    ["header", "/b/k", ["x-amz-request-payer", "requester"]],
    ["header", "/b/k", ["x-amz-server-side-encryption-customer-algorithm", "AES256"]],
    ["header", "/b/k", ["x-amz-checksum-mode", "DISABLED"]],
    ["header", "/b/k", ["x-amz-te", "append-md5"]],
    ["header", "/b/k", ["x-amz-invented", "1"]],
    ["header", "/b/k", ["x-minio-extract", "true"]],
    ["header", "/b/k", ["x-goog-user-project", "1"]],
    ["header", "/b/k", ["origin", "https://example.com"]],
    ["header", "/b/k", ["if-match", ""]],
    ["header", "/b/k", ["if-match", 'W/"a"']],
    ["header", "/b/k", ["if-none-match", '"a" "b"']],
    ["header", "/b/k", ["if-none-match", '"a", *']],
    ["header", "/b/k", ["if-modified-since", "1 Jan 2026"]],
    ["header", "/b/k", ["if-unmodified-since", "Thursday, 01-Jan-26 00:00:00 GMT"]],
    ["header", "/b/k", ["if-range", 'W/"a"']],
    ["header", "/b/k", ["if-range", "a"]],
    ["header", "/b/k", ["cache-control", "no-store"]],
    ["body", "/b/k", ["content-length", "3"]],
    ["body", "/b/k", ["transfer-encoding", "chunked"]],
  ];
  for (const [expected, target, pair] of cases) {
    const pairs = pair === undefined ? [] : [pair];
    assert.equal(reason(target, pairs), expected, `${target} ${pair}`);
  }
});

Deno.test("nothing but a read is cacheable", () => {
  for (const method of ["PUT", "POST", "DELETE", "OPTIONS", "PATCH"]) {
    assert.equal(reason("/b/k", [], method), "operation");
  }
});

Deno.test("checksum-mode twice is not what it seems", () => {
  const mode: HeaderPair = ["x-amz-checksum-mode", "ENABLED"];
  assert.equal(reason("/b/k", [mode, mode]), "header");
});
