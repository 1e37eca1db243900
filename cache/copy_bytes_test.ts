import assert from "node:assert/strict";
import fc from "fast-check";
import { copyBytes } from "./copy_bytes.ts";

const place = fc.nat(40);
const length = fc.oneof(fc.nat(300), fc.integer({ min: 65_500, max: 65_600 }), fc.nat(200_000));

Deno.test("bytes are copied as `set` copies them, wherever they lie", () => {
  fc.assert(
    fc.property(place, place, length, fc.boolean(), (from, to, length, shared) => {
      const buffer = shared ? new SharedArrayBuffer(length + 100) : new ArrayBuffer(length + 100);
      const source = new Uint8Array(length + 50).map((_, i) => i * 31 >> 3).subarray(from)
        .subarray(0, length);
      const target = new Uint8Array(buffer).fill(7);
      copyBytes(target.subarray(to), source);
      const expected = new Uint8Array(length + 100).fill(7);
      expected.set(source, to);
      assert(expected.every((byte, i) => byte === target[i]));
      const back = new Uint8Array(length + 10);
      copyBytes(back.subarray(3), target.subarray(to, to + length));
      assert(source.every((byte, i) => byte === back[i + 3]));
    }),
    { numRuns: 60 },
  );
});

Deno.test("a target that is too short is refused", () => {
  for (const length of [10, 1000]) {
    assert.throws(
      () => copyBytes(new Uint8Array(length).subarray(1), new Uint8Array(length)),
      RangeError,
    );
  }
});
