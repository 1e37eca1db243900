/**
 * The outermost stage: whatever is thrown becomes S3's error document.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import type { Log } from "@s3-edge-cache/telemetry";
import { errorResponse } from "./error_response.ts";
import type { Handler, RawRequest, RawResponse } from "./request.ts";

/**
 * Answers errors. The operator is told of the origin's failures and of our own.
 *
 * @param log Takes events.
 * @param next Answers requests, or throws.
 */
export function answerErrors(log: Log, next: Handler<RawRequest>): Handler<RawRequest> {
  return (request) => {
    try {
      const response = next(request);
      if (!(response instanceof Promise)) return response;
      return response.catch((error) => answer(error, request, log));
    } catch (error) {
      return answer(error, request, log);
    }
  };
}

function answer(error: unknown, request: RawRequest, log: Log): RawResponse {
  const path = request.target.split("?", 1)[0]!;
  const { id, method } = request;
  if (error instanceof DOMException && error.name === "AbortError") {
    log("debug", "the client left", { id, method, path });
  } else if (!(error instanceof S3Error)) {
    log("error", "request failed", { id, method, path, error: describe(error) });
  } else if (error.status >= 500) {
    log("warn", error.message, { id, method, path, cause: describe(error.cause) });
  }
  return errorResponse(error, request, path);
}

/** What happened, for the operator: name, code and message; the stack of what we did not expect. */
function describe(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? `${code}: ${error.message}` : error.stack ?? error.message;
}
