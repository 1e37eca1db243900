/**
 * Conditional reads: RFC 9110, section 13.2.2, as GetObject and HeadObject take it.
 *
 * S3's reference page of GetObject names two combinations: If-Match that holds goes before
 * If-Unmodified-Since that does not (200), and If-None-Match that does not hold before
 * If-Modified-Since that does (304); both follow from the RFC's order. Beyond the RFC, S3 takes
 * an ETag without its quotes for the same with them, and ignores an If-Modified-Since that lies
 * in the future, as RFC 2616 (section 14.25) had it (recorded in LocalStack's snapshots of Amazon
 * S3, `test_s3_get_object_preconditions`).
 *
 * @module
 */
import type { HeaderList } from "./header_list.ts";
import { parseHttpDate } from "./http_date.ts";

/** What conditions are held against. */
export interface Validators {
  /** The ETag field of the stored answer, quotes included; `undefined` where it has none. */
  readonly etag: string | undefined;
  /** The Last-Modified field of the stored answer; `undefined` where it has none. */
  readonly lastModified: string | undefined;
}

/** A field that can fail a read, spelled as in the `Condition` element of S3's error. */
export type FailedCondition = "If-Match" | "If-Unmodified-Since";

/** What comes of a request's conditions. */
export type ConditionResult =
  | { readonly kind: "proceed" }
  | { readonly kind: "not-modified" }
  | { readonly kind: "precondition-failed"; readonly condition: FailedCondition };

const PROCEED: ConditionResult = { kind: "proceed" };
const NOT_MODIFIED: ConditionResult = { kind: "not-modified" };

/**
 * Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD.
 * Dates that don't parse and empty lists are ignored.
 *
 * @param headers The request's header fields.
 * @param validators Those of the stored answer.
 * @param now The current time in milliseconds since the epoch.
 *
 * @example
 * ```ts
 * import { evaluateConditions, HeaderList } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const validators = { etag: '"abc"', lastModified: "Sun, 06 Nov 1994 08:49:37 GMT" };
 * const headers = new HeaderList([["if-none-match", 'W/"abc", "def"']]);
 * assert.deepEqual(evaluateConditions(headers, validators, Date.now()), { kind: "not-modified" });
 * ```
 */
export function evaluateConditions(
  headers: HeaderList,
  validators: Validators,
  now: number,
): ConditionResult {
  const ifMatch = present(headers, "if-match");
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, validators.etag, "strong")) return failed("If-Match");
  } else if (modifiedSince(headers.get("if-unmodified-since"), validators, now) === true) {
    return failed("If-Unmodified-Since");
  }
  const ifNoneMatch = present(headers, "if-none-match");
  if (ifNoneMatch !== undefined) {
    return matches(ifNoneMatch, validators.etag, "weak") ? NOT_MODIFIED : PROCEED;
  }
  const ifModifiedSince = headers.get("if-modified-since");
  const since = ifModifiedSince === undefined ? undefined : parseHttpDate(ifModifiedSince, now);
  if (since === undefined || since > now) return PROCEED;
  return modifiedSince(ifModifiedSince, validators, now) === false ? NOT_MODIFIED : PROCEED;
}

/**
 * Evaluates If-Range (RFC 9110, section 13.1.5): whether the Range field counts. Without the
 * field it does. An ETag must match strongly, a date be the very one of the stored answer.
 *
 * @param ifRange The field's value; `undefined` where there is none.
 * @param validators Those of the stored answer.
 * @param now The current time in milliseconds since the epoch.
 */
export function rangeApplies(
  ifRange: string | undefined,
  validators: Validators,
  now: number,
): boolean {
  if (ifRange === undefined) return true;
  const date = parseHttpDate(ifRange, now);
  if (date === undefined) {
    return ifRange.trim() !== "*" && matches(ifRange, validators.etag, "strong");
  }
  const { lastModified } = validators;
  return lastModified !== undefined && parseHttpDate(lastModified, now) === date;
}

/** One entity tag, or `*`; a strong one also without its quotes, as S3 gives and takes it. */
const PLAIN_TAGS = /^(?:\*|(?:"[^",\s]*"|[\w.-]+)(?:, ?(?:"[^",\s]*"|[\w.-]+))*)$/;
const PLAIN_WEAK_TAGS = /^(?:\*|(?:W\/)?"[^",\s]*"(?:, ?(?:W\/)?"[^",\s]*")*|[\w.-]+)$/;
/** IMF-fixdate, the form that RFC 9110 (section 5.6.7) has senders write. */
const PLAIN_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const PLAIN_RANGE_VALIDATOR = new RegExp(`${PLAIN_DATE.source}|^"[^",\\s]*"$`);

const PLAIN_FORMS: Readonly<Record<string, RegExp>> = {
  "if-match": PLAIN_TAGS,
  "if-none-match": PLAIN_WEAK_TAGS,
  "if-modified-since": PLAIN_DATE,
  "if-unmodified-since": PLAIN_DATE,
  "if-range": PLAIN_RANGE_VALIDATOR,
};

/**
 * Whether all servers read a conditional field alike. Of an empty list, a weak tag in If-Match, a
 * date in a form of old, only the origin knows what it makes.
 *
 * @param name The field's name in lower case.
 * @param value Its value, repeated fields joined.
 */
export function isPlainCondition(name: string, value: string): boolean {
  return PLAIN_FORMS[name]?.test(value) ?? true;
}

function failed(condition: FailedCondition): ConditionResult {
  return { kind: "precondition-failed", condition };
}

/** A field that names at least one ETag, or `*`. */
function present(headers: HeaderList, name: string): string | undefined {
  const value = headers.get(name);
  return value === undefined || /^[\s,]*$/.test(value) ? undefined : value;
}

/**
 * Whether the object was modified after a date; `undefined` where the date is none or the object
 * has none.
 */
function modifiedSince(
  date: string | undefined,
  { lastModified }: Validators,
  now: number,
): boolean | undefined {
  if (date === undefined || lastModified === undefined) return undefined;
  const since = parseHttpDate(date, now);
  const modified = parseHttpDate(lastModified, now);
  return since === undefined || modified === undefined ? undefined : modified > since;
}

/** One member of a list: an entity tag, or the same without its quotes. */
const MEMBER = /[\s,]*(W\/)?(?:"([^"]*)"|([^",\s]+))/gy;

/** Whether a list of ETags, or `*`, names this one (RFC 9110, section 8.8.3.2). */
function matches(list: string, etag: string | undefined, comparison: "strong" | "weak"): boolean {
  if (list.trim() === "*") return true;
  if (etag === undefined) return false;
  const own = parseEntityTag(etag);
  if (comparison === "strong" && own.weak) return false;
  for (const [, weak, quoted, bare] of list.matchAll(MEMBER)) {
    if (comparison === "strong" && weak !== undefined) continue;
    if ((quoted ?? bare) === own.tag) return true;
  }
  return false;
}

function parseEntityTag(etag: string): { readonly weak: boolean; readonly tag: string } {
  const weak = etag.startsWith("W/");
  return { weak, tag: (weak ? etag.slice(2) : etag).replace(/^"(.*)"$/, "$1") };
}
