import assert from "node:assert/strict";
import fc from "fast-check";
import { Query, S3Error } from "@s3-edge-cache/s3";
import { canonicalHeaders, canonicalQuery, canonicalValue } from "./canonical.ts";

Deno.test("the canonical query is sorted by name, then value, and keeps what is empty", () => {
  for (
    const [raw, canonical] of [
      ["", ""],
      ["tagging", "tagging="],
      ["b=2&a=1", "a=1&b=2"],
      ["a=2&a=1&a=&a", "a=&a=&a=1&a=2"],
      ["a-b=1&a=2", "a=2&a-b=1"],
      ["a%2db=1&a%2Fb=1", "a%2Fb=1&a-b=1"],
      ["Z=1&a=1&_=1", "Z=1&_=1&a=1"],
      ["p=a+b", "p=a%2Bb"],
      ["p=a%20b", "p=a%20b"],
      ["p=%e2%98%83!*'()", "p=%E2%98%83%21%2A%27%28%29"],
      ["p=a=b", "p=a%3Db"],
      ["&&a=1&", "a=1"],
      ["%61=%7E~", "a=~~"],
    ] as const
  ) assert.equal(canonicalQuery(new Query(raw)), canonical, raw);
});

Deno.test("the canonical query leaves out what it is told to, however it is spelled", () => {
  const query = new Query("a=1&X-Amz-Signatur%65=abc&x-amz-signature=1");
  assert.equal(canonicalQuery(query, "X-Amz-Signature"), "a=1&x-amz-signature=1");
});

Deno.test("a value that is not well percent-encoded is refused", () => {
  assert.throws(
    () => canonicalQuery(new Query("a=%zz")),
    (error) => error instanceof S3Error && error.code === "InvalidURI",
  );
});

Deno.test("header values are trimmed and their spaces folded", () => {
  assert.equal(canonicalValue("a b"), "a b");
  assert.equal(canonicalValue(" \t a   b\tc  \t"), "a b\tc");
  assert.equal(canonicalValue("   "), "");
  assert.equal(canonicalValue('"a   b"'), '"a b"');
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(" ", "\t", "a", ",") }), (value) => {
    const once = canonicalValue(value);
    assert.equal(once, value.replace(/^[ \t]+/, "").replace(/[ \t]+$/, "").replace(/ +/g, " "));
  }));
});

Deno.test("canonical headers keep the order of repeated fields and miss no name", () => {
  const fields = [["b", "2"], ["a", " 1 "], ["b", "x  y"], ["c", "é\xff"]] as const;
  assert.equal(canonicalHeaders(fields, ["a", "b"]), "a:1\nb:2,x y\n");
  assert.equal(canonicalHeaders(fields, ["c"]), "c:é\xff\n");
  assert.equal(canonicalHeaders(fields, ["a", "d"]), undefined);
});
