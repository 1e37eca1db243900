/**
 * Which header fields and query parameters go where: up to the origin, into the cache, out to
 * the client.
 *
 * @module
 */
import type { HeaderList, HeaderPair } from "./header_list.ts";
import type { Query } from "./query.ts";

/** Fields that concern one connection (RFC 9110, section 7.6.1), those of Connection aside. */
export const HOP_BY_HOP_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Request fields that never go up, hop-by-hop ones aside: those of the client's signature, which
 * the proxy's own take the place of, and those of the client's connection and body framing.
 */
export const CLIENT_FIELDS: ReadonlySet<string> = new Set([
  "authorization",
  "content-length",
  "date",
  "expect",
  "host",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-decoded-content-length",
  "x-amz-s3session-token",
  "x-amz-security-token",
  "x-amz-trailer",
]);

/** Query parameters of a presigned URL, in lower case. */
export const PRESIGNED_PARAMETERS: ReadonlySet<string> = new Set([
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);

/**
 * Response fields that belong to one answer and not to the object, hop-by-hop ones aside: the
 * proxy has its own, or computes them from what it holds.
 */
export const ANSWER_FIELDS: ReadonlySet<string> = new Set([
  "age",
  "alt-svc",
  "cache-status",
  "content-length",
  "content-range",
  "date",
  "set-cookie",
  "x-amz-id-2",
  "x-amz-request-id",
  "x-cache",
]);

/**
 * Fields of the stored answer that a 304 carries: those of RFC 9110, section 15.4.5, with
 * Last-Modified, and the version that was found unmodified.
 */
export const NOT_MODIFIED_FIELDS: ReadonlySet<string> = new Set([
  "cache-control",
  "content-location",
  "etag",
  "expires",
  "last-modified",
  "vary",
  "x-amz-version-id",
]);

/** Whether a parameter belongs to the signature of a presigned URL and never goes up. */
export function isPresignedParameter(name: string): boolean {
  return PRESIGNED_PARAMETERS.has(name.toLowerCase());
}

/**
 * Whether a field is a checksum of a whole object, which an answer with a part of it does not
 * carry. (S3 keeps it on a 206 that carries all bytes.)
 *
 * @param name The field's name in lower case.
 */
export function isChecksumField(name: string): boolean {
  return name.startsWith("x-amz-checksum-") || name === "content-md5";
}

/**
 * Whether a field concerns one connection and is not handed on.
 *
 * @param name The field's name in lower case.
 * @param connection The value of the message's Connection field; empty where it has none.
 */
export function isHopByHop(name: string, connection: string): boolean {
  if (HOP_BY_HOP_FIELDS.has(name)) return true;
  if (connection === "") return false;
  return connection.toLowerCase().split(",").some((option) => option.trim() === name);
}

/**
 * Whether a field of the origin's answer is stored beside the object.
 *
 * @param name The field's name in lower case.
 */
export function isStoredField(name: string): boolean {
  return !HOP_BY_HOP_FIELDS.has(name) && !ANSWER_FIELDS.has(name);
}

/**
 * The fields of a request that go up to the origin, in order. `aws-chunked` is taken out of
 * Content-Encoding: chunks are unframed on the way.
 *
 * Fields that Connection names go up all the same, against RFC 9110, section 7.6.1. Connection is
 * signed by nobody: whoever holds a presigned URL could take away what it was signed with, such
 * as `if-none-match` or `x-amz-copy-source`.
 *
 * @example
 * ```ts
 * import { HeaderList, upstreamFields } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const headers = new HeaderList([
 *   ["host", "localhost"],
 *   ["content-encoding", "aws-chunked,gzip"],
 *   ["x-amz-acl", "private"],
 * ]);
 * assert.deepEqual(upstreamFields(headers), [
 *   ["content-encoding", "gzip"],
 *   ["x-amz-acl", "private"],
 * ]);
 * ```
 */
export function upstreamFields(headers: HeaderList): HeaderPair[] {
  const fields: HeaderPair[] = [];
  for (const field of headers.pairs) {
    const [name, value] = field;
    if (CLIENT_FIELDS.has(name) || HOP_BY_HOP_FIELDS.has(name)) continue;
    if (name !== "content-encoding" || !/aws-chunked/i.test(value)) {
      fields.push(field);
      continue;
    }
    const kept = value.split(",").filter((coding) => !/^\s*aws-chunked\s*$/i.test(coding));
    if (kept.length > 0) fields.push([name, kept.join(",").trim()]);
  }
  return fields;
}

/** The raw query that goes up to the origin: without the signature of a presigned URL. */
export function upstreamQuery(query: Query): string {
  return query.without(isPresignedParameter);
}
