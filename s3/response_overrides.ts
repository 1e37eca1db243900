/**
 * The `response-*` parameters of GetObject and HeadObject: a header field of the answer to this
 * one request, in place of the object's own.
 *
 * @module
 */
import type { HeaderPair } from "./header_list.ts";
import { parseHttpDate } from "./http_date.ts";
import type { Query } from "./query.ts";
import { uriDecode } from "./uri.ts";

/** The header field that each parameter overrides. */
export const RESPONSE_OVERRIDES: ReadonlyMap<string, string> = new Map([
  ["response-cache-control", "cache-control"],
  ["response-content-disposition", "content-disposition"],
  ["response-content-encoding", "content-encoding"],
  ["response-content-language", "content-language"],
  ["response-content-type", "content-type"],
  ["response-expires", "expires"],
]);

/** Values that every server sends as they are: printable ASCII without blanks at its ends. */
const PLAIN_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The header fields that a query asks for.
 *
 * @returns The fields, or `undefined` where servers may differ in what they answer, and the
 * origin has to be asked: an empty or repeated parameter, characters beyond printable ASCII
 * (which S3 refuses), a raw `+` (a space to some), an `Expires` that is no date of RFC 9110.
 * @throws {S3Error} InvalidURI if a value is not well percent-encoded.
 */
export function responseOverrides(query: Query): readonly HeaderPair[] | undefined {
  const overrides = new Map<string, string>();
  for (const { name, rawValue } of query.parameters) {
    const field = RESPONSE_OVERRIDES.get(name);
    if (field === undefined) continue;
    const value = uriDecode(rawValue);
    if (rawValue.includes("+") || !PLAIN_VALUE.test(value) || overrides.has(field)) {
      return undefined;
    }
    if (field === "expires" && parseHttpDate(value, 0) === undefined) return undefined;
    overrides.set(field, value);
  }
  return [...overrides];
}

/**
 * Header fields with some of them overridden: each in the place of the field it overrides, or
 * at the end.
 *
 * @param fields The fields of the stored answer.
 * @param overrides What a query asks for; names are unique.
 *
 * @example
 * ```ts
 * import { applyOverrides, Query, responseOverrides } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const overrides = responseOverrides(new Query("response-content-type=text%2Fplain"))!;
 * assert.deepEqual(applyOverrides([["content-type", "image/png"]], overrides), [
 *   ["content-type", "text/plain"],
 * ]);
 * ```
 */
export function applyOverrides(
  fields: readonly HeaderPair[],
  overrides: readonly HeaderPair[],
): readonly HeaderPair[] {
  if (overrides.length === 0) return fields;
  const left = new Map(overrides);
  const result: HeaderPair[] = [];
  for (const field of fields) {
    const value = overrides.find(([name]) => name === field[0])?.[1];
    if (value === undefined) result.push(field);
    else if (left.delete(field[0])) result.push([field[0], value]);
  }
  return [...result, ...left];
}
