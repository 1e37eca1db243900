/**
 * ListObjects and ListObjectsV2.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Answer, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyOfText, keyText } from "./keys.ts";
import { currentObject } from "./versions.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { OWNER_ID, requireBucket, type State } from "./state.ts";
import type { StoredObject } from "./stored_object.ts";
import { element, type XmlPart } from "./xml.ts";

/** `GET /bucket` */
export function listObjects(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const asked = listRequest(request);
  const marker = request.query.get("marker") ?? "";
  const page = listPage(currentKeys(bucket), asked, keyOfText(marker));
  const parts: XmlPart[] = [
    ["Name", bucket.name],
    ["Prefix", asked.encode(asked.prefix)],
    ["Marker", asked.encode(keyOfText(marker))],
    ["MaxKeys", String(asked.maxKeys)],
    ...commonParts(asked, page),
  ];
  if (page.truncated && asked.delimiter !== "") {
    parts.push(["NextMarker", asked.encode(page.last)]);
  }
  parts.push(...contents(bucket, page, asked, true), ...prefixes(page, asked));
  return xmlAnswer("ListBucketResult", parts);
}

/** `GET /bucket?list-type=2` */
export function listObjectsV2(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const asked = listRequest(request);
  const token = request.query.get("continuation-token");
  const startAfter = request.query.get("start-after");
  const after = token === undefined ? keyOfText(startAfter ?? "") : keyOfToken(token);
  const page = listPage(currentKeys(bucket), asked, after);
  const parts: XmlPart[] = [
    ["Name", bucket.name],
    ["Prefix", asked.encode(asked.prefix)],
    ["KeyCount", String(page.keys.length + page.prefixes.length)],
    ["MaxKeys", String(asked.maxKeys)],
    ...commonParts(asked, page),
  ];
  if (startAfter !== undefined) parts.push(["StartAfter", asked.encode(keyOfText(startAfter))]);
  if (token !== undefined) parts.push(["ContinuationToken", token]);
  if (page.truncated) parts.push(["NextContinuationToken", tokenOfKey(page.last)]);
  const withOwner = request.query.get("fetch-owner") === "true";
  parts.push(...contents(bucket, page, asked, withOwner), ...prefixes(page, asked));
  return xmlAnswer("ListBucketResult", parts);
}

/** What every listing asks for. Texts are byte strings. */
export interface ListRequest {
  /** What every key begins with. */
  readonly prefix: string;
  /** What ends a common prefix; empty for none. */
  readonly delimiter: string;
  /** Most keys and common prefixes on a page. */
  readonly maxKeys: number;
  /** Whether texts are percent-encoded. */
  readonly urlEncoded: boolean;
  /** A byte string as it is written into the document. */
  encode(bytes: string): string;
}

/**
 * Reads the parameters that all listings share.
 *
 * @param limit The parameter that bounds a page.
 * @throws {OriginError} InvalidArgument
 */
export function listRequest({ query }: OriginRequest, limit = "max-keys"): ListRequest {
  const encoding = query.get("encoding-type");
  if (encoding !== undefined && encoding !== "url") {
    throw invalidArgument(
      "encoding-type",
      encoding,
      "Invalid Encoding Method specified in Request",
    );
  }
  const given = query.get(limit) ?? "1000";
  if (!/^\d{1,10}$/.test(given)) {
    throw invalidArgument(limit, given, `Provided ${limit} not an integer or within integer range`);
  }
  return {
    prefix: keyOfText(query.get("prefix") ?? ""),
    delimiter: keyOfText(query.get("delimiter") ?? ""),
    maxKeys: Math.min(1000, Number(given)),
    urlEncoded: encoding === "url",
    encode: encoding === "url" ? urlEncodeBytes : keyText,
  };
}

function invalidArgument(name: string, value: string, message: string): OriginError {
  return new OriginError("InvalidArgument", {
    message,
    details: { ArgumentName: name, ArgumentValue: value },
  });
}

/** As S3 encodes keys in listings: as in forms, but `/` and `*` stay. */
function urlEncodeBytes(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._*/]/gs, (byte) => {
    if (byte === " ") return "+";
    return "%" + byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
  });
}

/** One page of a listing; byte strings in ascending order. */
export interface Page {
  /** The keys on it. */
  readonly keys: readonly string[];
  /** The common prefixes on it. */
  readonly prefixes: readonly string[];
  /** Whether there is more behind it. */
  readonly truncated: boolean;
  /** The last key or common prefix on it. */
  readonly last: string;
}

/**
 * Cuts a page.
 *
 * @param keys All keys, ascending.
 * @param asked What was asked for.
 * @param after The key or common prefix behind which the page begins.
 */
export function listPage(keys: readonly string[], asked: ListRequest, after: string): Page {
  const found: string[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const key of keys) {
    if (!key.startsWith(asked.prefix)) continue;
    const common = commonPrefix(key, asked);
    const name = common ?? key;
    if (name <= after || name === prefixes.at(-1)) continue;
    if (found.length + prefixes.length >= asked.maxKeys) {
      return { keys: found, prefixes, truncated: asked.maxKeys > 0, last };
    }
    (common === undefined ? found : prefixes).push(name);
    last = name;
  }
  return { keys: found, prefixes, truncated: false, last };
}

function commonPrefix(key: string, asked: ListRequest): string | undefined {
  if (asked.delimiter === "") return undefined;
  const at = key.indexOf(asked.delimiter, asked.prefix.length);
  return at < 0 ? undefined : key.slice(0, at + asked.delimiter.length);
}

function currentKeys(bucket: Bucket): readonly string[] {
  return [...bucket.versions.keys()].filter((key) => currentObject(bucket, key)).sort(byBytes);
}

/** Byte strings in the order of their bytes. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tokenOfKey(key: string): string {
  return Buffer.from(`1/${key}`, "latin1").toString("base64");
}

function keyOfToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("latin1");
  if (!text.startsWith("1/")) {
    throw invalidArgument(
      "continuation-token",
      token,
      "The continuation token provided is incorrect",
    );
  }
  return text.slice(2);
}

function commonParts(asked: ListRequest, page: Page): readonly XmlPart[] {
  const parts: XmlPart[] = [];
  if (asked.delimiter !== "") parts.push(["Delimiter", asked.encode(asked.delimiter)]);
  if (asked.urlEncoded) parts.push(["EncodingType", "url"]);
  parts.push(["IsTruncated", String(page.truncated)]);
  return parts;
}

function contents(
  bucket: Bucket,
  page: Page,
  asked: ListRequest,
  withOwner: boolean,
): readonly XmlPart[] {
  return page.keys.map((key) => {
    const object = currentObject(bucket, key)!;
    const parts = [["Key", asked.encode(key)] as const, ...objectParts(object)];
    return element("Contents", withOwner ? [...parts, OWNER] : parts);
  });
}

/** The owner of everything. */
export const OWNER: string = element("Owner", [["ID", OWNER_ID]]);

/** How listings describe an object, less its key. */
export function objectParts(object: StoredObject): readonly XmlPart[] {
  return [
    ["LastModified", new Date(object.lastModified * 1000).toISOString()],
    ["ETag", object.etag],
    ["ChecksumAlgorithm", object.checksum.algorithm],
    ["ChecksumType", object.checksum.type],
    ["Size", String(object.body.length)],
    ["StorageClass", object.storageClass],
  ];
}

/** The common prefixes of a page. */
export function prefixes(page: Page, asked: ListRequest): readonly XmlPart[] {
  return page.prefixes.map((prefix) =>
    element("CommonPrefixes", [["Prefix", asked.encode(prefix)]])
  );
}
