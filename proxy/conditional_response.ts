/**
 * Answering a read by its conditions alone.
 *
 * @module
 */
import { evaluateConditions, NOT_MODIFIED_FIELDS, S3Error } from "@s3-edge-cache/s3";
import type { EntryRecord } from "./entry_record.ts";
import { errorResponse } from "./error_response.ts";
import { BYPASS, type RawResponse, type RoutedRequest } from "./request.ts";

/**
 * The answer to a read whose conditions settle it: 304, or S3's PreconditionFailed.
 *
 * @param record What is stored of the object.
 * @param request The read.
 * @param now The time, in milliseconds since the epoch.
 * @returns The answer, or `undefined` if the object itself is to be sent.
 */
export function conditionalResponse(
  record: EntryRecord,
  request: RoutedRequest,
  now: number,
): RawResponse | undefined {
  const verdict = evaluateConditions(request.raw.headers, record, now);
  if (verdict.kind === "proceed") return undefined;
  if (verdict.kind === "precondition-failed") {
    const error = new S3Error("PreconditionFailed", { details: { Condition: verdict.condition } });
    return errorResponse(error, request.raw, request.target.path);
  }
  const headers = record.headers.filter(([name]) => NOT_MODIFIED_FIELDS.has(name));
  return { status: 304, headers, body: null, outcome: BYPASS };
}
