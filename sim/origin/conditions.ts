/**
 * Conditional requests, RFC 9110 section 13, as S3 answers them.
 *
 * @module
 */
import type { AnswerHeader } from "./answer.ts";
import { OriginError } from "./error.ts";
import type { StoredObject } from "./stored_object.ts";

/** The four conditions, as header values; `undefined` where not given. */
export interface Conditions {
  /** Entity tags, one of which must be the object's. */
  readonly ifMatch: string | undefined;
  /** Entity tags, none of which may be the object's. */
  readonly ifNoneMatch: string | undefined;
  /** The object must be newer. */
  readonly ifModifiedSince: string | undefined;
  /** The object must not be newer. */
  readonly ifUnmodifiedSince: string | undefined;
}

/** What the conditions come to. */
export type Verdict =
  | { readonly kind: "go" }
  | { readonly kind: "not_modified" }
  | { readonly kind: "failed"; readonly condition: string };

/**
 * Weighs the conditions in the order of RFC 9110, section 13.2.2. An If-Modified-Since that lies in
 * the future is none.
 *
 * @param conditions What was asked.
 * @param object What is there.
 * @param now The time, in milliseconds since the epoch.
 */
export function weigh(conditions: Conditions, object: StoredObject, now: number): Verdict {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, object.etag)) return { kind: "failed", condition: "If-Match" };
  } else if (newerThan(object, ifUnmodifiedSince) === true) {
    return { kind: "failed", condition: "If-Unmodified-Since" };
  }
  if (ifNoneMatch !== undefined) {
    if (listsTag(ifNoneMatch, object.etag)) return { kind: "not_modified" };
  } else if (
    !(Date.parse(ifModifiedSince ?? "") > now) && newerThan(object, ifModifiedSince) === false
  ) {
    return { kind: "not_modified" };
  }
  return { kind: "go" };
}

/** The error of a condition that does not hold. */
export function preconditionFailed(
  condition: string,
  headers: readonly AnswerHeader[] = [],
): OriginError {
  return new OriginError("PreconditionFailed", { details: { Condition: condition }, headers });
}

/**
 * Whether a range may be given: `If-Range` holds when it names the object's strong entity tag
 * or exactly its date.
 */
export function ifRangeHolds(ifRange: string | undefined, object: StoredObject): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.startsWith("W/")) return false;
  if (ifRange.startsWith('"')) return ifRange === object.etag;
  return Date.parse(ifRange) === object.lastModified * 1000;
}

/** Whether a list of entity tags names this one; S3 takes tags without their quotes too. */
export function listsTag(list: string, etag: string): boolean {
  return list.split(",").map((tag) => tag.trim()).some((tag) => {
    return tag === "*" || bare(tag) === bare(etag);
  });
}

function bare(tag: string): string {
  return tag.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

/** Whether the object is newer than a date; `undefined` for no date, which is no condition. */
function newerThan(object: StoredObject, date: string | undefined): boolean | undefined {
  const parsed = Date.parse(date ?? "");
  return Number.isNaN(parsed) ? undefined : object.lastModified > Math.floor(parsed / 1000);
}
