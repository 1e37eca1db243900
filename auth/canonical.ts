/**
 * The canonical request and the string to sign: the one description of a request that its
 * signer and its verifier must agree on.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @module
 */
import { canonicalComponent, type HeaderPair, type Query } from "@s3-edge-cache/s3";
import { sha256Hex } from "./sha256.ts";
import { ALGORITHM } from "./signature.ts";

/** Text that is its own canonical spelling. */
const PLAIN = /^[A-Za-z0-9\-._~]*$/;
/** A header value that trimming or folding would change. */
const FOLDABLE = /^[ \t]|[ \t]$| {2}/;

/** The parts of a canonical request. */
export interface CanonicalParts {
  /** The method in upper case. */
  readonly method: string;
  /** The canonical URI. */
  readonly path: string;
  /** The canonical query string. */
  readonly query: string;
  /** The canonical headers, each line ended. */
  readonly headers: string;
  /** The signed headers' names, with semicolons between. */
  readonly signedHeaders: string;
  /** What the request says of its body. */
  readonly payloadHash: string;
}

function component(raw: string): string {
  return PLAIN.test(raw) ? raw : canonicalComponent(raw);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The canonical query string: every name and value in canonical spelling, sorted by name and
 * then by value, empty values kept.
 *
 * @param query The query of the request.
 * @param omit The decoded name of a parameter that is left out, such as the signature itself.
 * @throws {S3Error} InvalidURI if a value is not well percent-encoded.
 */
export function canonicalQuery(query: Query, omit?: string): string {
  if (query.raw === "") return "";
  const pairs: [name: string, value: string][] = [];
  for (const { raw, name, rawValue } of query.parameters) {
    if (name === omit) continue;
    const equals = raw.indexOf("=");
    pairs.push([component(equals < 0 ? raw : raw.slice(0, equals)), component(rawValue)]);
  }
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

/**
 * A header value without white space around it and with single spaces inside.
 *
 * @param value The value as it came.
 */
export function canonicalValue(value: string): string {
  if (!FOLDABLE.test(value)) return value;
  let start = 0;
  let end = value.length;
  const blank = (index: number) => value.charCodeAt(index) === 0x20 || value[index] === "\t";
  while (start < end && blank(start)) start++;
  while (end > start && blank(end - 1)) end--;
  return value.slice(start, end).replace(/ {2,}/g, " ");
}

/**
 * The canonical headers of a request.
 *
 * @param fields The fields of the request, names in lower case.
 * @param names The signed headers, in ascending order, none twice.
 * @returns A line `name:value` for each name, repeated fields joined with a comma; `undefined`
 * if a field is not there.
 */
export function canonicalHeaders(
  fields: readonly HeaderPair[],
  names: readonly string[],
): string | undefined {
  let lines = "";
  for (const name of names) {
    let value: string | undefined;
    for (const field of fields) {
      if (field[0] !== name) continue;
      const part = canonicalValue(field[1]);
      value = value === undefined ? part : `${value},${part}`;
    }
    if (value === undefined) return undefined;
    lines += `${name}:${value}\n`;
  }
  return lines;
}

/** The canonical request. */
export function canonicalRequest(parts: CanonicalParts): string {
  return `${parts.method}\n${parts.path}\n${parts.query}\n${parts.headers}\n` +
    `${parts.signedHeaders}\n${parts.payloadHash}`;
}

/**
 * The string to sign of a request.
 *
 * @param dateTime The time of the request in ISO 8601 basic format.
 * @param scope The credential scope.
 * @param request The canonical request.
 */
export function stringToSign(dateTime: string, scope: string, request: string): string {
  return `${ALGORITHM}\n${dateTime}\n${scope}\n${sha256Hex(request)}`;
}
