import assert from "node:assert/strict";
import fc from "fast-check";
import { S3Error } from "@s3-edge-cache/s3";
import { parseAuthorization } from "./authorization.ts";
import { Authorizations } from "./authorizations.ts";

const SCOPE = "20130524/us-east-1/s3/aws4_request";

/** What parsing gives or throws. */
function outcome(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    assert(error instanceof S3Error);
    return [error.code, error.message];
  }
}

/** Headers that begin alike, well-formed and not. */
const header = fc.record({
  names: fc.constantFrom("host", "host;range", "range;host;range"),
  between: fc.constantFrom(",", ", ", ",Signature=00,", ",Other=1,"),
  last: fc.constantFrom("Signature=", " Signature=", "xSignature=", "Credential="),
  signature: fc.constantFrom("a".repeat(64), "b".repeat(64), "c", ",".repeat(64), " ".repeat(64)),
}).map(({ names, between, last, signature }) =>
  `AWS4-HMAC-SHA256 Credential=AK/${SCOPE}, SignedHeaders=${names}${between}${last}${signature}`
);

Deno.test("a header is read the same whatever was read before it", () => {
  fc.assert(fc.property(fc.array(header, { maxLength: 20 }), (headers) => {
    const authorizations = new Authorizations();
    for (const value of headers) {
      assert.deepEqual(
        outcome(() => authorizations.parse(value)),
        outcome(() => parseAuthorization(value)),
      );
    }
  }));
});

Deno.test("the signature is read anew of every header", () => {
  const authorizations = new Authorizations();
  const value = `AWS4-HMAC-SHA256 Credential=AK/${SCOPE},SignedHeaders=host,Signature=`;
  for (const digit of ["a", "b"]) {
    const claim = authorizations.parse(value + digit.repeat(64));
    assert.equal(claim.signature, digit.repeat(64));
    assert.deepEqual(claim.signedHeaders, ["host"]);
  }
});
