/**
 * Answering a read from an entry: conditions, range and response overrides applied to what was
 * stored.
 *
 * @module
 */
import type { Lease } from "@s3-edge-cache/cache";
import {
  applyOverrides,
  formatContentRange,
  formatUnsatisfiedRange,
  type HeaderPair,
  isChecksumField,
  rangeApplies,
  type ResolvedRange,
  resolveRange,
  S3Error,
} from "@s3-edge-cache/s3";
import { conditionalResponse } from "./conditional_response.ts";
import type { EntryRecord } from "./entry_record.ts";
import { errorResponse } from "./error_response.ts";
import { leaseBody } from "./lease_body.ts";
import type { CacheableRequest, Outcome, RawResponse, RoutedRequest } from "./request.ts";

/** An object, or a part of one, whose bytes are at hand. */
export interface HeldObject {
  /** What is stored beside the bytes. */
  readonly record: EntryRecord;
  /** How many bytes there are. */
  readonly size: number;
  /** Gives it back. Further calls do nothing. */
  release(): void;
}

/** The bytes from `start` up to `end` as a body, which gives the object back. */
export type OpenBody<Held> = (
  held: Held,
  start: number,
  end: number,
) => Exclude<RawResponse["body"], null>;

/**
 * Answers a GetObject or HeadObject from its entry, and gives the lease back when the answer is
 * sent.
 *
 * @param lease The entry, of a whole object.
 * @param request The request.
 * @param now The time, in milliseconds since the epoch.
 */
export function entryResponse(
  lease: Lease<EntryRecord>,
  request: CacheableRequest,
  now: number,
): RawResponse {
  return objectResponse(lease, leaseBody, request, now, hitOutcome(lease, now));
}

/** How an entry that is fresh takes part. */
export function hitOutcome(lease: Lease<EntryRecord>, now: number): Outcome {
  return {
    kind: "hit",
    ageSeconds: Math.max(0, Math.floor((now - lease.storedAt) / 1000)),
    ttlSeconds: Math.max(0, Math.floor((lease.expiresAt - now) / 1000)),
  };
}

/**
 * Answers a GetObject or HeadObject from an object that is held whole.
 *
 * @param held The object; given back with the answer, or here.
 * @param open Gives its bytes.
 * @param request The request.
 * @param now The time, in milliseconds since the epoch.
 * @param outcome How the cache took part.
 */
export function objectResponse<Held extends HeldObject>(
  held: Held,
  open: OpenBody<Held>,
  request: CacheableRequest,
  now: number,
  outcome: Outcome,
): RawResponse {
  try {
    return { ...respond(held, open, request, now), outcome };
  } catch (error) {
    held.release();
    return { ...errorResponse(error, request.raw, request.target.path), outcome };
  }
}

/**
 * Answers a GetObject of a range from just that range.
 *
 * @param held The range; given back with the answer, or here.
 * @returns `undefined` if the object has to be sent whole, for If-Range names another version.
 */
export function partResponse<Held extends HeldObject>(
  held: Held,
  open: OpenBody<Held>,
  request: CacheableRequest,
  now: number,
  outcome: Outcome,
): RawResponse | undefined {
  const { record, size } = held;
  const settled = conditionalResponse(record, request, now);
  if (settled === undefined && rangeApplies(request.raw.headers.get("if-range"), record, now)) {
    const fields = applyOverrides(record.headers, request.cacheability.overrides);
    const headers: HeaderPair[] = [...fields, ["content-length", String(size)]];
    return { status: 206, headers, body: open(held, 0, size), outcome };
  }
  held.release();
  return settled && { ...settled, outcome };
}

type Answer = Omit<RawResponse, "outcome">;

function respond<Held extends HeldObject>(
  held: Held,
  open: OpenBody<Held>,
  request: CacheableRequest,
  now: number,
): Answer {
  const { record } = held;
  const { raw: { headers }, cacheability } = request;
  const settled = conditionalResponse(record, request, now);
  if (settled !== undefined) {
    held.release();
    return settled;
  }
  const fields = applyOverrides(record.headers, cacheability.overrides);
  const field = headers.get("range");
  const range = field !== undefined && rangeApplies(headers.get("if-range"), record, now)
    ? resolveRange(field, held.size)
    : WHOLE;
  if (range.kind === "unsatisfiable") throw invalidRange(field!, held.size);
  if (range.kind === "part") return ranged(held, open, request, fields, range);
  return {
    status: 200,
    headers: [...fields, ["content-length", String(held.size)]],
    body: body(held, open, request, 0, held.size),
  };
}

const WHOLE: ResolvedRange = { kind: "whole" };

function ranged<Held extends HeldObject>(
  held: Held,
  open: OpenBody<Held>,
  request: RoutedRequest,
  fields: readonly HeaderPair[],
  { first, last }: Extract<ResolvedRange, { kind: "part" }>,
): Answer {
  return {
    status: 206,
    headers: [
      ...fields.filter(([name]) => !isChecksumField(name)),
      ["content-range", formatContentRange(first, last, held.size)],
      ["content-length", String(last - first + 1)],
    ],
    body: body(held, open, request, first, last + 1),
  };
}

/** The bytes from `start` up to `end`; none for HEAD, for which the object is given back here. */
function body<Held extends HeldObject>(
  held: Held,
  open: OpenBody<Held>,
  { raw }: RoutedRequest,
  start: number,
  end: number,
): RawResponse["body"] {
  if (raw.method !== "HEAD") return open(held, start, end);
  held.release();
  return null;
}

function invalidRange(field: string, size: number): S3Error {
  return new S3Error("InvalidRange", {
    details: { RangeRequested: field, ActualObjectSize: String(size) },
    headers: [["content-range", formatUnsatisfiedRange(size)]],
  });
}
