/**
 * Lengths that an answer of the origin tells.
 *
 * @module
 */
import { type HeaderPair, parseContentRange } from "@s3-edge-cache/s3";
import type { RawResponse } from "./request.ts";

/** The length of an answer's body in bytes; `undefined` where it does not tell, or not well. */
export function contentLength(headers: readonly HeaderPair[]): number | undefined {
  const value = headers.find(([name]) => name === "content-length")?.[1];
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The size of the object that an answer is of, in bytes, if it tells. */
export function objectSize({ status, headers }: RawResponse): number | undefined {
  if (status === 200) return contentLength(headers);
  const range = headers.find(([name]) => name === "content-range")?.[1];
  return status === 206 && range !== undefined ? parseContentRange(range)?.size : undefined;
}
