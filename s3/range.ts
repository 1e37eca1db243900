/**
 * Ranges of bytes: RFC 9110, section 14, as S3 takes it.
 *
 * Where the RFC leaves a choice, S3 ignores the field and answers with the whole object: for
 * several ranges (which GetObject does not support, says its reference page), other units, what
 * does not parse, and a last position before the first. It answers 416 InvalidRange to a first
 * position past the end and to a suffix of no bytes. A suffix of an empty object, which selects
 * nothing that could be named by a Content-Range, is answered with the whole of it (200), while
 * `bytes=0-` of an empty object is 416.
 *
 * Sources: the reference page of GetObject for several ranges; for the others what Amazon S3 was
 * seen to answer, as recorded in LocalStack's snapshots (`test_get_object_range`) and, for empty
 * objects, in issue 846 of apache/arrow-rs-object-store and pull request 17713 of minio/minio.
 *
 * @module
 */

/**
 * What a Range field selects of an object: all of it, the bytes from `first` up to and including
 * `last`, or nothing that exists.
 */
export type ResolvedRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly first: number; readonly last: number }
  | { readonly kind: "unsatisfiable" };

const WHOLE: ResolvedRange = { kind: "whole" };
const UNSATISFIABLE: ResolvedRange = { kind: "unsatisfiable" };
const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Resolves a Range field against the size of an object.
 *
 * @param range The field's value; `undefined` where there is none.
 * @param size The object's size in bytes.
 *
 * @example
 * ```ts
 * import { resolveRange } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(resolveRange("bytes=-3", 10), { kind: "part", first: 7, last: 9 });
 * assert.deepEqual(resolveRange("bytes=0-1,4-5", 10), { kind: "whole" });
 * assert.deepEqual(resolveRange("bytes=10-", 10), { kind: "unsatisfiable" });
 * ```
 */
export function resolveRange(range: string | undefined, size: number): ResolvedRange {
  const match = range === undefined ? null : ONE_RANGE.exec(range);
  if (match === null) return WHOLE;
  const [, firstDigits = "", lastDigits = ""] = match;
  if (firstDigits === "") {
    if (lastDigits === "") return WHOLE;
    const length = clampedNumber(lastDigits);
    if (length === 0) return UNSATISFIABLE;
    if (size === 0) return WHOLE;
    return { kind: "part", first: Math.max(0, size - length), last: size - 1 };
  }
  if (lastDigits !== "" && isGreater(firstDigits, lastDigits)) return WHOLE;
  const first = clampedNumber(firstDigits);
  if (first >= size) return UNSATISFIABLE;
  const last = lastDigits === "" ? size - 1 : Math.min(clampedNumber(lastDigits), size - 1);
  return { kind: "part", first, last };
}

/** The number, or the greatest safe integer where it is greater: past the end of any object. */
function clampedNumber(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** Whether one decimal number is greater than another, whatever their lengths. */
function isGreater(a: string, b: string): boolean {
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length === y.length ? x > y : x.length > y.length;
}

/**
 * The one spelling of a range, for ranges that S3 heeds: `first-last`, `first-` or `-length` in
 * decimal numbers without leading zeros.
 *
 * @param range The field's value.
 * @returns `undefined` if S3 ignores the field, whatever the object, or if the range is none of an
 * object that S3 could hold.
 *
 * @example
 * ```ts
 * import { canonicalRange } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * assert.equal(canonicalRange("bytes=0005-9 "), "5-9");
 * assert.equal(canonicalRange("bytes=0-1,4-5"), undefined);
 * ```
 */
export function canonicalRange(range: string): string | undefined {
  const [, first = "", last = ""] = ONE_RANGE.exec(range) ?? [];
  if (first === "" && (last === "" || Number(last) === 0)) return undefined;
  if (first !== "" && last !== "" && isGreater(first, last)) return undefined;
  if (Number(first) > Number.MAX_SAFE_INTEGER || Number(last) > Number.MAX_SAFE_INTEGER) {
    return undefined;
  }
  const spelled = (digits: string) => digits === "" ? "" : String(Number(digits));
  return `${spelled(first)}-${spelled(last)}`;
}

/** What a Content-Range field says; `size` is `undefined` where it is not known. */
export interface ContentRange {
  /** Position of the first byte. */
  readonly first: number;
  /** Position of the last byte. */
  readonly last: number;
  /** Size of the whole object in bytes. */
  readonly size: number | undefined;
}

/**
 * The Content-Range of a 206.
 *
 * @param first Position of the first byte.
 * @param last Position of the last byte.
 * @param size The object's size in bytes.
 */
export function formatContentRange(first: number, last: number, size: number): string {
  return `bytes ${first}-${last}/${size}`;
}

/**
 * The Content-Range of a 416.
 *
 * @param size The object's size in bytes.
 */
export function formatUnsatisfiedRange(size: number): string {
  return `bytes */${size}`;
}

/**
 * Reads the Content-Range field of a 206.
 *
 * @param value The field's value.
 * @returns What it says, or `undefined` if it is malformed, contradicts itself or has numbers
 * beyond 2^53.
 *
 * @example
 * ```ts
 * import { parseContentRange } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseContentRange("bytes 0-4/11"), { first: 0, last: 4, size: 11 });
 * assert.equal(parseContentRange("bytes 5-4/11"), undefined);
 * ```
 */
export function parseContentRange(value: string): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(value);
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const size = match[3] === "*" ? undefined : Number(match[3]);
  if (first > last || !Number.isSafeInteger(last)) return undefined;
  if (size !== undefined && (last >= size || !Number.isSafeInteger(size))) return undefined;
  return { first, last, size };
}
