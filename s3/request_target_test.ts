import fc from "fast-check";
import assert from "node:assert/strict";
import { S3Error } from "./error.ts";
import { HeaderList } from "./header_list.ts";
import { parseRequestTarget, type RequestTarget } from "./request_target.ts";
import { canonicalPath } from "./uri.ts";

function cut(target: string, host?: string, virtualHostDomain?: string): RequestTarget {
  const headers = new HeaderList([["host", host ?? "localhost:8080"]]);
  return parseRequestTarget({ method: "GET", target, headers }, { virtualHostDomain });
}

Deno.test("service, bucket and object", () => {
  const place = (target: string) => {
    const { bucket, key } = cut(target);
    return [bucket, key];
  };
  assert.deepEqual(place("/"), ["", ""]);
  assert.deepEqual(place("/?x-id=ListBuckets"), ["", ""]);
  assert.deepEqual(place("/b"), ["b", ""]);
  assert.deepEqual(place("/b/"), ["b", ""]);
  assert.deepEqual(place("/b/k"), ["b", "k"]);
  assert.deepEqual(place("/b//k"), ["b", "/k"]);
  assert.deepEqual(place("/b/k/"), ["b", "k/"]);
  assert.deepEqual(place("/b/k?a/b"), ["b", "k"]);
});

Deno.test("keys are not normalised", () => {
  const keys: Readonly<Record<string, string>> = {
    "a//b": "a//b",
    "a/../b": "a/../b",
    "..": "..",
    "%2e%2e/x": "../x",
    ".": ".",
    "a%20b": "a%20b",
    "a%2Bb": "a%2Bb",
    "%25": "%25",
    "a?b=%3F": "a",
    "a%3fb": "a%3Fb",
    "a;b=c&d": "a%3Bb%3Dc%26d",
    "'\"\\": "%27%22%5C",
    "%C3%A9": "%C3%A9",
    "%ff": "%FF",
  };
  for (const [raw, key] of Object.entries(keys)) assert.equal(cut(`/b/${raw}`).key, key, raw);
});

Deno.test("the path goes up as it came", () => {
  const target = cut("/b/a%2fb/../%7E");
  assert.equal(target.path, "/b/a%2fb/../%7E");
  assert.equal(target.pathStyle, "/b/a%2fb/../%7E");
  assert.equal(target.canonicalPath, "/b/a/b/../~");
});

Deno.test("virtual-host and path style address the same object", () => {
  const hosted = cut("/a%2fb", "photos.s3.example:9000", "s3.example");
  const pathed = cut("/photos/a%2fb", "s3.example:9000", "s3.example");
  for (const name of ["bucket", "key", "pathStyle"] as const) {
    assert.equal(hosted[name], pathed[name]);
  }
  assert.equal(hosted.canonicalPath, "/a/b");
  assert.equal(cut("/", "my.photos.S3.Example", "s3.example").bucket, "my.photos");
  assert.equal(cut("/b/k", "photos.s3.example").bucket, "b");
  assert.equal(cut("/b/k", "s3.example", "s3.example").bucket, "b");
  assert.equal(cut("/b/k", "xs3.example", "s3.example").bucket, "b");
});

Deno.test("a bare + is read in two ways, an encoded one is not", () => {
  assert.equal(cut("/b/a+b").ambiguous, true);
  assert.equal(cut("/a+b", "b.s3.example", "s3.example").ambiguous, true);
  assert.equal(cut("/b/a%2Bb%20c").ambiguous, false);
  assert.equal(cut("/b/a?x=+").ambiguous, false);
});

Deno.test("what is no path is refused", () => {
  for (const target of ["", "*", "b/k", "http://h/b/k", "?x", "/b/%", "/b/%4", "/b/é", "/b?%g0"]) {
    assert.throws(() => cut(target), { code: "InvalidURI" }, target);
  }
});

Deno.test("no spelling of a bucket leads out of it", () => {
  for (
    const target of [
      "//k",
      "//",
      "/./k",
      "/../k",
      "/..",
      "/%2e%2e/k",
      "/a%2Fb",
      "/%2fk",
      "/b%2f../c",
    ]
  ) {
    assert.throws(() => cut(target), { code: "InvalidBucketName" }, target);
  }
  for (
    const host of [
      ".s3.example",
      "..s3.example",
      "...s3.example",
      "%2e%2e.s3.example",
      "a/b.s3.example",
      "a%2fb.s3.example",
    ]
  ) {
    assert.throws(() => cut("/k", host, "s3.example"), { code: "InvalidBucketName" }, host);
  }
});

Deno.test("bucket and key together are the canonical path-style path", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab/.%2fF+ é?"), maxLength: 12 });
  fc.assert(fc.property(text, fc.boolean(), (rest, hosted) => {
    try {
      const target = hosted ? cut(`/${rest}`, "b.h", "h") : cut(`/b${rest}`);
      const { bucket, key, pathStyle } = target;
      if (key === "") return assert.ok(!bucket.includes("/"));
      assert.equal(canonicalPath(pathStyle), `/${bucket}/${key}`);
    } catch (error) {
      assert.ok(error instanceof S3Error);
    }
  }));
});
