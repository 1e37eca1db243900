import assert from "node:assert/strict";
import { type AnswerHead, headDifferences } from "./difference.ts";

const HELD: AnswerHead = {
  status: 200,
  headers: [["etag", '"a"'], ["content-length", "3"], ["x-amz-meta-b", "1"]],
};

for (
  const [what, fresh, differences] of [
    ["the same in another order", { headers: HELD.headers.toReversed() }, []],
    ["another status", { status: 404 }, ["status"]],
    ["another field", { headers: [...HELD.headers, ["x-amz-meta-c", "2"]] }, ["x-amz-meta-c"]],
    ["a field less", { headers: HELD.headers.slice(0, 2) }, ["x-amz-meta-b"]],
    ["a repeated field", { headers: [...HELD.headers, ["x-amz-meta-b", "1"]] }, ["x-amz-meta-b"]],
    ["another length", {
      headers: [["etag", '"a"'], ["content-length", "4"], ["x-amz-meta-b", "1"]],
    }, [
      "content-length",
    ]],
    ["fields of one answer", {
      headers: [...HELD.headers, ["date", "now"], ["server", "a"], ["x-amz-request-id", "1"], [
        "x-ratelimit-remaining",
        "9",
      ], ["via", "x"]],
    }, []],
  ] as readonly [string, Partial<AnswerHead>, string[]][]
) {
  Deno.test(`${what}: ${differences.join(", ") || "no difference"}`, () => {
    assert.deepEqual(headDifferences(HELD, { ...HELD, ...fresh }), differences);
  });
}

Deno.test("a 304 is held against what both name; an error document against its status", () => {
  const held = { status: 304, headers: [["etag", '"a"'], ["cache-control", "x"]] } as const;
  assert.deepEqual(headDifferences(held, { status: 304, headers: [] }), []);
  assert.deepEqual(headDifferences(held, { status: 304, headers: [["etag", '"b"']] }), ["etag"]);
  const error = { status: 416, headers: [["content-length", "9"]] } as const;
  assert.deepEqual(headDifferences(error, { status: 416, headers: [["content-length", "8"]] }), []);
});

Deno.test("a checksum of the whole object is no part of a range", () => {
  const held = { status: 206, headers: [["etag", '"a"']] } as const;
  const fresh = { status: 206, headers: [["etag", '"a"'], ["x-amz-checksum-crc32", "x"]] } as const;
  assert.deepEqual(headDifferences(held, fresh), []);
});
