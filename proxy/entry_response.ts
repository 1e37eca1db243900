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
  resolveRange,
  S3Error,
} from "@s3-edge-cache/s3";
import { conditionalResponse } from "./conditional_response.ts";
import type { EntryRecord } from "./entry_record.ts";
import { errorResponse } from "./error_response.ts";
import { leaseBody } from "./lease_body.ts";
import type { CacheableRequest, Outcome, RawResponse, RoutedRequest } from "./request.ts";

/**
 * Answers a GetObject or HeadObject from its entry, and gives the lease back when the answer is
 * sent.
 *
 * @param lease The entry.
 * @param request The request.
 * @param now The time, in milliseconds since the epoch.
 */
export function entryResponse(
  lease: Lease<EntryRecord>,
  request: CacheableRequest,
  now: number,
): RawResponse {
  const outcome: Outcome = {
    kind: "hit",
    ageSeconds: Math.max(0, Math.floor((now - lease.storedAt) / 1000)),
    ttlSeconds: Math.max(0, Math.floor((lease.expiresAt - now) / 1000)),
  };
  try {
    return { ...respond(lease, request, now), outcome };
  } catch (error) {
    lease.release();
    return { ...errorResponse(error, request.raw, request.target.path), outcome };
  }
}

type Answer = Omit<RawResponse, "outcome">;

function respond(lease: Lease<EntryRecord>, request: CacheableRequest, now: number): Answer {
  const { record } = lease;
  const { raw: { headers }, cacheability } = request;
  const settled = conditionalResponse(record, request, now);
  if (settled !== undefined) {
    lease.release();
    return settled;
  }
  const fields = applyOverrides(record.headers, cacheability.overrides);
  const range = headers.get("range");
  return range !== undefined && rangeApplies(headers.get("if-range"), record, now)
    ? ranged(lease, request, fields, range)
    : whole(lease, request, fields);
}

function whole(
  lease: Lease<EntryRecord>,
  request: RoutedRequest,
  fields: readonly HeaderPair[],
): Answer {
  return {
    status: 200,
    headers: [...fields, ["content-length", String(lease.size)]],
    body: body(lease, request, 0, lease.size),
  };
}

function ranged(
  lease: Lease<EntryRecord>,
  request: RoutedRequest,
  fields: readonly HeaderPair[],
  field: string,
): Answer {
  const { size } = lease;
  const range = resolveRange(field, size);
  if (range.kind === "whole") return whole(lease, request, fields);
  if (range.kind === "unsatisfiable") throw invalidRange(field, size);
  const { first, last } = range;
  const complete = first === 0 && last === size - 1;
  return {
    status: 206,
    headers: [
      ...(complete ? fields : fields.filter(([name]) => !isChecksumField(name))),
      ["content-range", formatContentRange(first, last, size)],
      ["content-length", String(last - first + 1)],
    ],
    body: body(lease, request, first, last + 1),
  };
}

/** The bytes from `start` up to `end`; none for HEAD, whose lease ends here. */
function body(lease: Lease<EntryRecord>, { raw }: RoutedRequest, start: number, end: number) {
  if (raw.method !== "HEAD") return leaseBody(lease, start, end);
  lease.release();
  return null;
}

function invalidRange(field: string, size: number): S3Error {
  return new S3Error("InvalidRange", {
    details: { RangeRequested: field, ActualObjectSize: String(size) },
    headers: [["content-range", formatUnsatisfiedRange(size)]],
  });
}
