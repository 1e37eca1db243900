/**
 * Which requests may be answered from the cache: an allow-list. Whatever is not known to leave
 * the answer as it is goes to the origin untouched.
 *
 * @module
 */
import { isPlainCondition } from "./conditions.ts";
import { cacheDemand } from "./cache_control.ts";
import type { HeaderList, HeaderPair } from "./header_list.ts";
import { isPresignedParameter } from "./headers.ts";
import type { RequestTarget } from "./request_target.ts";
import { RESPONSE_OVERRIDES, responseOverrides } from "./response_overrides.ts";
import type { Route } from "./route.ts";
import { canonicalComponent } from "./uri.ts";

/**
 * Why a request is not answered from the cache:
 * - `operation`: it is no GetObject or HeadObject;
 * - `target`: servers read its key in two ways;
 * - `query`: a parameter, or the spelling of one, may change the answer;
 * - `header`: a header field may change the answer, or wants no cache;
 * - `body`: it has one.
 */
export type BypassReason = "operation" | "target" | "query" | "header" | "body";

/** Whether a request may be answered from the cache, and from which variant of its object. */
export type Cacheability =
  | {
    readonly kind: "cacheable";
    /**
     * The variant of the object: its version and whether checksums were asked for, in one
     * spelling. Empty for the plain, current object.
     */
    readonly variant: string;
    /** Header fields that the answer carries in place of the object's own. */
    readonly overrides: readonly HeaderPair[];
    /** The greatest age, in seconds, of an answer that is taken unasked; Infinity for any. */
    readonly maxAgeSeconds: number;
  }
  | { readonly kind: "bypass"; readonly reason: BypassReason };

/** Request fields of Amazon's that leave the answer to a read as it is. */
const HARMLESS_FIELDS: ReadonlySet<string> = new Set([
  "x-amz-cf-id",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-user-agent",
]);

/** Families of request fields, other storage systems' among them, that may change the answer. */
const VENDOR_PREFIXES: readonly string[] = [
  "x-amz-",
  "x-cos-",
  "x-emc-",
  "x-goog-",
  "x-minio-",
  "x-obs-",
  "x-oss-",
  "x-rgw-",
];

const CHECKSUM_MODE = "x-amz-checksum-mode";

/** The part of a variant that tells of a header field that asks for checksums. */
const CHECKED = "checksum-mode=header";

/** Characters of a raw query value that all servers read alike. */
const PLAIN_QUERY_VALUE = /^[A-Za-z0-9\-._~%!$'()*,/:=@]*$/;

const PLAIN: Cacheability = {
  kind: "cacheable",
  variant: "",
  overrides: [],
  maxAgeSeconds: Infinity,
};

/**
 * Judges a request.
 *
 * @param route What the request asks for.
 * @param target What it addresses.
 * @param headers Its header fields.
 * @throws {S3Error} InvalidURI if a value of the query is not well percent-encoded.
 *
 * @example
 * ```ts
 * import { cacheability, HeaderList, parseRequestTarget, routeOperation } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const headers = new HeaderList([["host", "localhost"]]);
 * const judge = (target: string) => {
 *   const cut = parseRequestTarget({ method: "GET", target, headers });
 *   return cacheability(routeOperation("GET", cut, headers), cut, headers);
 * };
 * assert.deepEqual(judge("/b/k?x-id=GetObject"), {
 *   kind: "cacheable",
 *   variant: "",
 *   overrides: [],
 *   maxAgeSeconds: Infinity,
 * });
 * assert.deepEqual(judge("/b/k?partNumber=1"), { kind: "bypass", reason: "query" });
 * ```
 */
export function cacheability(
  route: Route,
  target: RequestTarget,
  headers: HeaderList,
): Cacheability {
  if (!route.operation.cacheable) return bypass("operation");
  if (target.ambiguous) return bypass("target");
  const fromHeaders = judgeHeaders(headers);
  if ("kind" in fromHeaders) return fromHeaders;
  if (target.query.parameters.length === 0 && fromHeaders === PLAIN_HEADERS) return PLAIN;

  const variant: string[] = [];
  for (const { name, rawValue } of target.query.parameters) {
    if (isPresignedParameter(name) || isHarmlessParameter(name)) continue;
    if (!PLAIN_QUERY_VALUE.test(rawValue)) return bypass("query");
    if (RESPONSE_OVERRIDES.has(name)) continue;
    if (name === "versionId" && rawValue !== "") {
      variant.push(`versionId=${canonicalComponent(rawValue)}`);
    } else if (name.toLowerCase() === CHECKSUM_MODE && rawValue === "ENABLED") {
      variant.push("checksum-mode=query");
    } else return bypass("query");
  }
  if (fromHeaders.checksums) variant.push(CHECKED);
  const kinds = variant.map((part) => part.slice(0, part.indexOf("=")));
  if (new Set(kinds).size < kinds.length) return bypass("query");
  const overrides = responseOverrides(target.query);
  if (overrides === undefined) return bypass("query");
  const { maxAgeSeconds } = fromHeaders;
  return { kind: "cacheable", variant: variant.toSorted().join("&"), overrides, maxAgeSeconds };
}

/**
 * The variant of the same object and version that carries checksums, as SDKs ask for it by a header
 * field; `undefined` if a variant carries them itself.
 *
 * @param variant As {@linkcode cacheability} gives it.
 */
export function checkedVariant(variant: string): string | undefined {
  if (variant.includes("checksum-mode=")) return undefined;
  return variant === "" ? CHECKED : `${CHECKED}&${variant}`;
}

/** What header fields ask for. */
interface HeaderWishes {
  readonly checksums: boolean;
  readonly maxAgeSeconds: number;
}

const PLAIN_HEADERS: HeaderWishes = { checksums: false, maxAgeSeconds: Infinity };

/** Why the header fields bar the cache, or else what they ask for. */
function judgeHeaders(
  headers: HeaderList,
): Extract<Cacheability, { kind: "bypass" }> | HeaderWishes {
  let checksums = false;
  let demands = false;
  for (const [name, value] of headers.pairs) {
    if (name === CHECKSUM_MODE && value === "ENABLED" && !checksums) checksums = true;
    else if (name === "origin") return bypass("header");
    else if (name === "cache-control" || name === "pragma") demands = true;
    else if (name === "transfer-encoding") return bypass("body");
    else if (name === "content-length" && value !== "0") return bypass("body");
    else if (name.startsWith("if-")) {
      if (!isPlainCondition(name, headers.get(name)!)) return bypass("header");
    } else if (name.startsWith("x-") && !HARMLESS_FIELDS.has(name)) {
      if (VENDOR_PREFIXES.some((prefix) => name.startsWith(prefix))) return bypass("header");
    }
  }
  if (!demands) return checksums ? { ...PLAIN_HEADERS, checksums } : PLAIN_HEADERS;
  const { noStore, maxAgeSeconds } = cacheDemand(headers);
  return noStore ? bypass("header") : { checksums, maxAgeSeconds };
}

function isHarmlessParameter(name: string): boolean {
  return name === "x-id" || name.toLowerCase() === "x-amz-user-agent";
}

function bypass(reason: BypassReason): Extract<Cacheability, { kind: "bypass" }> {
  return { kind: "bypass", reason };
}
