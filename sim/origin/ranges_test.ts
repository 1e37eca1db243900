import assert from "node:assert/strict";
import type { OriginError } from "./error.ts";
import { sliceOfCopySource, sliceOfRange } from "./ranges.ts";

Deno.test("a range gives the bytes it asks for, as far as they are there", () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ["bytes=0-0", 0, 1],
    ["bytes=2-4", 2, 5],
    ["bytes=9-9", 9, 10],
    ["bytes=5-", 5, 10],
    ["bytes=5-99", 5, 10],
    ["bytes=-3", 7, 10],
    ["bytes=-99", 0, 10],
  ];
  for (const [header, start, end] of cases) {
    assert.deepEqual(sliceOfRange(header, 10), { start, end }, header);
  }
});

Deno.test("what S3 ignores is no range", () => {
  const ignored = [
    undefined,
    "bytes=",
    "bytes=-",
    "bytes=4-2",
    "bytes=0-1,3-4",
    "bytes=a-b",
    "bytes 0-1",
    "items=0-1",
    "bytes=0-1-2",
  ];
  for (const header of ignored) assert.equal(sliceOfRange(header, 10), undefined, header);
  assert.equal(sliceOfRange("bytes=-5", 0), undefined);
});

Deno.test("a range of nothing is not satisfiable", () => {
  for (const [header, size] of [["bytes=10-", 10], ["bytes=-0", 10], ["bytes=0-", 0]] as const) {
    assert.throws(() => sliceOfRange(header, size), (error: OriginError) => {
      assert.equal(error.code, "InvalidRange");
      assert.deepEqual(error.details, { RangeRequested: header, ActualObjectSize: `${size}` });
      assert.deepEqual(error.headers, [["Content-Range", `bytes */${size}`]]);
      return true;
    });
  }
});

Deno.test("a copy source range has both ends, and both are there", () => {
  assert.deepEqual(sliceOfCopySource("bytes=1-3", 10), { start: 1, end: 4 });
  for (const header of ["bytes=1-", "bytes=-1", "bytes=3-1", "1-3", "bytes=1-10"]) {
    assert.throws(() => sliceOfCopySource(header, 10), { code: "InvalidArgument" }, header);
  }
});
