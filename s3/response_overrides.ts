/**
 * The `response-*` parameters of GetObject and HeadObject: a header field of the answer to this
 * one request, in place of the object's own.
 *
 * @module
 */
import type { HeaderPair } from "./header_list.ts";
import type { Query } from "./query.ts";

/** The header field that each parameter overrides. */
export const RESPONSE_OVERRIDES: ReadonlyMap<string, string> = new Map([
  ["response-cache-control", "cache-control"],
  ["response-content-disposition", "content-disposition"],
  ["response-content-encoding", "content-encoding"],
  ["response-content-language", "content-language"],
  ["response-content-type", "content-type"],
  ["response-expires", "expires"],
]);

/**
 * The header fields that a query asks for.
 *
 * @throws {S3Error} InvalidURI if a value is not well percent-encoded.
 */
export function responseOverrides(query: Query): HeaderPair[] {
  const overrides: HeaderPair[] = [];
  for (const { name } of query.parameters) {
    const field = RESPONSE_OVERRIDES.get(name);
    if (field !== undefined) overrides.push([field, query.get(name)!]);
  }
  return overrides;
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
 * const overrides = responseOverrides(new Query("response-content-type=text%2Fplain"));
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
