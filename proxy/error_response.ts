/**
 * The one place where an error becomes an answer.
 *
 * @module
 */
import { ERROR_CONTENT_TYPE, errorXml, S3Error } from "@s3-edge-cache/s3";
import { BYPASS, type RawRequest, type RawResponse } from "./request.ts";
import { hostId } from "./request_id.ts";

/**
 * Answers a request with what was thrown.
 *
 * @param error An S3Error as it is; anything else is our fault and says InternalError only.
 * @param request The request that it answers; an answer to HEAD carries no document.
 * @param resource The path that the request addresses, as it came.
 */
export function errorResponse(
  error: unknown,
  request: Pick<RawRequest, "method" | "id">,
  resource: string,
): RawResponse {
  const s3Error = error instanceof S3Error ? error : new S3Error("InternalError");
  const document = errorXml(s3Error, {
    resource,
    requestId: request.id,
    hostId: hostId(request.id),
  });
  const body = request.method === "HEAD" ? null : new TextEncoder().encode(document);
  return {
    status: s3Error.status,
    headers: [
      ["content-type", ERROR_CONTENT_TYPE],
      ...(body === null ? [] : [["content-length", String(body.length)]] as const),
      ...s3Error.headers,
    ],
    body,
    outcome: BYPASS,
  };
}
