import fc from "fast-check";
import assert from "node:assert/strict";
import {
  canonicalRange,
  formatContentRange,
  formatUnsatisfiedRange,
  parseContentRange,
  type ResolvedRange,
  resolveRange,
} from "./range.ts";

const WHOLE: ResolvedRange = { kind: "whole" };
const NONE: ResolvedRange = { kind: "unsatisfiable" };
const part = (first: number, last: number): ResolvedRange => ({ kind: "part", first, last });

Deno.test("ranges of a ten-byte object, as Amazon S3 was seen to answer them", () => {
  const answers: Readonly<Record<string, ResolvedRange>> = {
    "bytes=0-8": part(0, 8),
    "bytes=1-1": part(1, 1),
    "bytes=1-0": WHOLE,
    "bytes=1-": part(1, 9),
    "bytes=-1-": WHOLE,
    "bytes=-2": part(8, 9),
    "bytes=-9": part(1, 9),
    "bytes=-15": part(0, 9),
    "bytes=0-100": part(0, 9),
    "bytes=0-0": part(0, 0),
    "bytes=0--1": WHOLE,
    "bytes=0-1,3-4,7-9": WHOLE,
    "0-1": WHOLE,
    "bytes=-": WHOLE,
    "bytes=-0": NONE,
    "bytes=100-200": NONE,
  };
  for (const [range, answer] of Object.entries(answers)) {
    assert.deepEqual(resolveRange(range, 10), answer, range);
  }
});

Deno.test("ranges at the edges", () => {
  const cases: readonly (readonly [string | undefined, number, ResolvedRange])[] = [
    [undefined, 10, WHOLE],
    ["", 10, WHOLE],
    ["bytes=", 10, WHOLE],
    ["bits=0-1", 10, WHOLE],
    ["BYTES=0-1", 10, part(0, 1)],
    ["bytes=0-1,", 10, WHOLE],
    ["bytes=a-b", 10, WHOLE],
    ["bytes=0x1-2", 10, WHOLE],
    ["bytes=+1-2", 10, WHOLE],
    ["bytes=1.5-2", 10, WHOLE],
    ["bytes=9-", 10, part(9, 9)],
    ["bytes=10-", 10, NONE],
    ["bytes=20-10", 10, WHOLE],
    ["bytes=-1", 0, WHOLE],
    ["bytes=-0", 0, NONE],
    ["bytes=0-", 0, NONE],
    ["bytes=0-0", 0, NONE],
    ["bytes=00000000000000000000000001-3", 10, part(1, 3)],
    ["bytes=2-18446744073709551616", 10, part(2, 9)],
    ["bytes=18446744073709551616-", 10, NONE],
    ["bytes=-18446744073709551616", 10, part(0, 9)],
    ["bytes=9007199254740993-9007199254740992", 10, WHOLE],
    ["bytes=9007199254740992-9007199254740993", 10, NONE],
    [`bytes=1-${"9".repeat(5000)}`, 10, part(1, 9)],
  ];
  for (const [range, size, answer] of cases) {
    assert.deepEqual(resolveRange(range, size), answer, range);
  }
});

/** What a well-formed range selects, byte by byte. */
function selected(first: bigint | undefined, last: bigint | undefined, size: number): number[] {
  const all = Array.from({ length: size }, (_, index) => index);
  if (first === undefined) return all.filter((index) => BigInt(size - index) <= last!);
  return all.filter((index) =>
    BigInt(index) >= first && (last === undefined || BigInt(index) <= last)
  );
}

Deno.test("a range selects the bytes that it names", () => {
  const position = fc.option(fc.oneof(fc.bigInt(0n, 12n), fc.bigInt(0n, 2n ** 70n)), {
    nil: undefined,
  });
  fc.assert(fc.property(position, position, fc.nat(12), (first, last, size) => {
    const range = resolveRange(`bytes=${first ?? ""}-${last ?? ""}`, size);
    const malformed = first === undefined ? last === undefined : last !== undefined && last < first;
    if (malformed) return assert.deepEqual(range, WHOLE);
    const bytes = selected(first, last, size);
    if (bytes.length > 0) return assert.deepEqual(range, part(bytes[0]!, bytes.at(-1)!));
    assert.deepEqual(range, first === undefined && last! > 0n ? WHOLE : NONE);
  }));
});

Deno.test("whatever a range says, it is answered with bytes that exist", () => {
  const text = fc.string({ unit: fc.constantFrom(..."bytes=0123-, "), maxLength: 14 });
  fc.assert(fc.property(text, fc.nat(100), (range, size) => {
    const resolved = resolveRange(range, size);
    if (resolved.kind !== "part") return;
    assert.ok(0 <= resolved.first && resolved.first <= resolved.last && resolved.last < size);
  }));
});

Deno.test("a Content-Range is read as it was written", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (first, more, rest) => {
    const [last, size] = [first + more, first + more + rest];
    const value = formatContentRange(first, last, size);
    assert.deepEqual(parseContentRange(value), { first, last, size });
  }));
  assert.equal(formatUnsatisfiedRange(10), "bytes */10");
});

Deno.test("a Content-Range that says nothing, or contradicts itself, is none", () => {
  assert.deepEqual(parseContentRange("bytes 0-4/*"), { first: 0, last: 4, size: undefined });
  const malformed = [
    "",
    "bytes */10",
    "bytes 0-4",
    "bytes 5-4/10",
    "bytes 0-10/10",
    "bytes -4/10",
    "bytes 0-4/10 ",
    "bytes=0-4/10",
    "bytes 0-9007199254740992/*",
    "bytes 0-1/9007199254740993",
  ];
  for (const value of malformed) assert.equal(parseContentRange(value), undefined, value);
});

Deno.test("a range has one spelling, and selects the same in it", () => {
  const spellings: readonly (readonly [field: string, spelled: string | undefined])[] = [
    ["bytes=0-9", "0-9"],
    ["BYTES= 000-09 ", "0-9"],
    ["bytes=5-", "5-"],
    ["bytes=-05", "-5"],
    ["bytes=-0", undefined],
    ["bytes=-", undefined],
    ["bytes=9-5", undefined],
    ["bytes=0-1,2-3", undefined],
    ["items=0-1", undefined],
    ["bytes=99999999999999999999-", undefined],
    ["bytes=0-99999999999999999999", undefined],
  ];
  for (const [field, spelled] of spellings) assert.equal(canonicalRange(field), spelled, field);
  const digits = fc.stringMatching(/^0{0,2}\d{0,3}$/);
  fc.assert(fc.property(digits, digits, fc.nat(1000), (first, last, size) => {
    const field = `bytes=${first}-${last}`;
    const spelled = canonicalRange(field);
    if (spelled === undefined) assert.notEqual(resolveRange(field, size).kind, "part");
    else assert.deepEqual(resolveRange(`bytes=${spelled}`, size), resolveRange(field, size));
  }));
});
