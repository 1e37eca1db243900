/**
 * The Cache-Control field: RFC 9111, section 5.2.
 *
 * @module
 */
import type { HeaderList } from "./header_list.ts";

/** What a request says of answers from a cache. */
export interface CacheDemand {
  /** Whether it wants no cache to have part in it. */
  readonly noStore: boolean;
  /** The greatest age, in seconds, of an answer that it takes unasked; Infinity for any. */
  readonly maxAgeSeconds: number;
}

/**
 * The directives of a Cache-Control field by name, in lower case, with their arguments; an empty
 * text where one has none. Of several of one name the first counts.
 *
 * @param value The field's value.
 *
 * @example
 * ```ts
 * import { cacheDirectives } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const directives = cacheDirectives('Public, max-age="60"');
 * assert.deepEqual([...directives], [["public", ""], ["max-age", "60"]]);
 * ```
 */
export function cacheDirectives(value: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const [, name, quoted, bare] of value.matchAll(DIRECTIVE)) {
    const key = name!.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted ?? bare ?? "");
  }
  return directives;
}

/** A token, and its argument as a quoted string or a token. */
const DIRECTIVE = /([^\s,;="]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;

/**
 * What the Cache-Control of a request demands. Pragma counts only where there is no Cache-Control
 * (section 5.4); an argument of max-age that is no number stands for 0.
 *
 * @param headers The request's header fields.
 */
export function cacheDemand(headers: HeaderList): CacheDemand {
  const directives = cacheDirectives(headers.get("cache-control") ?? headers.get("pragma") ?? "");
  const maxAge = directives.get("max-age");
  const seconds = maxAge === undefined ? Infinity : /^\d{1,15}$/.test(maxAge) ? Number(maxAge) : 0;
  return {
    noStore: directives.has("no-store"),
    maxAgeSeconds: directives.has("no-cache") ? 0 : seconds,
  };
}

/** Directives of an answer that forbid a cache to serve it once it is stale (section 4.2.4). */
const NEVER_STALE: readonly string[] = [
  "must-revalidate",
  "no-cache",
  "proxy-revalidate",
  "s-maxage",
];

/**
 * Whether an answer may be served when it is stale.
 *
 * @param cacheControl The value of its Cache-Control field; `undefined` where it has none.
 */
export function mayBeServedStale(cacheControl: string | undefined): boolean {
  if (cacheControl === undefined) return true;
  const directives = cacheDirectives(cacheControl);
  return !NEVER_STALE.some((name) => directives.has(name));
}
