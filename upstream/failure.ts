/**
 * What a failure on the way to the origin means to the client.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";

/** Failures of the connection itself: no byte of an answer has come. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_SOCKET",
  "UND_ERR_CLOSED",
  "UND_ERR_DESTROYED",
]);

/** Failures of a connection that was there. */
const HUNG_UP: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

const TIMED_OUT: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/**
 * The error that a client is answered with.
 *
 * @param error What was thrown while a request was sent.
 * @returns An S3Error (ServiceUnavailable, or GatewayTimeout when time ran out); an S3Error of
 * the request's own body and the reason of an abort are returned as they are.
 */
export function upstreamFailure(error: unknown): unknown {
  if (error instanceof S3Error || isAbort(error)) return error;
  if (TIMED_OUT.has(errorCode(error))) return new S3Error("GatewayTimeout", { cause: error });
  return new S3Error("ServiceUnavailable", {
    message: "The storage behind this endpoint can't be reached.",
    cause: error,
  });
}

/** Whether the origin hung up on a connection, so that nothing can be told of the request. */
export function isHungUp(error: unknown): boolean {
  return HUNG_UP.has(errorCode(error));
}

/** Whether a request that failed so may be sent again: the origin gave no byte of an answer. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof S3Error && UNREACHABLE.has(errorCode(error.cause));
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "";
}
