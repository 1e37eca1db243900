import assert from "node:assert/strict";
import { CREDENTIALS, REGION, RequestSigner, type SignatureForm } from "./signed_requests.ts";

function signatures(form: SignatureForm, keys: readonly string[]): string[] {
  const signer = new RequestSigner(form, CREDENTIALS, () => Date.UTC(2026, 0, 1));
  return keys.map((key) => /Signature=([0-9a-f]{64})/.exec(signer.sign("GET", key))![1]!);
}

Deno.test("no signature of a key is made twice", () => {
  const keys = Array.from({ length: 1_200 }, (_, i) => `1/${i % 2}`);
  for (const form of ["header", "presigned"] as const) {
    assert.equal(new Set(signatures(form, keys)).size, keys.length);
  }
});

Deno.test("a request is a whole head, signed where it was asked for", () => {
  const header = new RequestSigner("header", CREDENTIALS, () => Date.UTC(2026, 0, 1)).sign(
    "GET",
    "1/a",
  );
  assert.match(header, /^GET \/bench\/1\/a HTTP\/1\.1\r\nhost: s3\.bench\.test\r\n/);
  assert.match(header, new RegExp(`Credential=${CREDENTIALS.accessKeyId}/20251231/${REGION}/s3/`));
  assert.ok(header.endsWith("\r\n\r\n"));
  const query = new RequestSigner("presigned", CREDENTIALS, () => 0).sign("GET", "1/a");
  assert.match(query, /^GET \/bench\/1\/a\?X-Amz-Algorithm=\S+ HTTP\/1\.1\r\n/);
  assert.doesNotMatch(query, /authorization/);
});
