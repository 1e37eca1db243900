/**
 * Why a fill broke off, as the proxy tells its followers: codes above those of the cache.
 *
 * @module
 */
import { type AbortCode, FILL_GIVEN_UP } from "@s3-edge-cache/cache";
import { S3Error, type S3ErrorCode } from "@s3-edge-cache/s3";

/** The answer is for the leader alone: an error of the origin, or what may not be kept. */
export const NOT_SHARED: AbortCode = 1;

/** The origin answered that it failed: those who hold what is stale may use it. */
export const ORIGIN_FAILED: AbortCode = 5;

/** Failures of the origin that concern everybody who waits for it. */
const FAILURES: ReadonlyMap<AbortCode, S3ErrorCode> = new Map([
  [2, "ServiceUnavailable"],
  [3, "GatewayTimeout"],
  [4, "SlowDown"],
]);

/** The code that tells followers of an error before the first byte. */
export function abortCode(error: unknown): AbortCode {
  if (!(error instanceof S3Error)) return FILL_GIVEN_UP;
  for (const [code, name] of FAILURES) if (error.code === name) return code;
  return FILL_GIVEN_UP;
}

/** The error that a code stands for; `undefined` if it stands for none. */
export function abortError(code: AbortCode): S3Error | undefined {
  const name = FAILURES.get(code);
  return name === undefined ? undefined : new S3Error(name);
}
