/**
 * Asking the origin in the name of all who wait for its answer.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import { S3Error } from "@s3-edge-cache/s3";
import { abortCode } from "./abort_code.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { Sources } from "./reading.ts";
import { ChangedRequest } from "./changed_request.ts";
import type { CacheableRequest, RawResponse } from "./request.ts";

/**
 * The origin's answer to a request that leads a fill; without one, followers hear why. The request is
 * given up only if its client leaves while nobody else waits for its answer.
 *
 * @param fill Ended where there is no answer.
 * @param request What the origin is asked.
 * @param sources Forward it, and remember whether there was an answer.
 */
export async function wantedAnswer(
  fill: Fill<EntryRecord>,
  request: CacheableRequest,
  { next, origin }: Pick<Sources, "next" | "origin">,
): Promise<RawResponse> {
  const { signal } = request.raw;
  const unwanted = new AbortController();
  const onLeave = () => {
    if (!fill.followed) unwanted.abort();
  };
  signal.addEventListener("abort", onLeave, { once: true });
  try {
    const raw = new ChangedRequest(request.raw, { signal: unwanted.signal });
    const response = await next({ ...request, raw });
    origin.silent = false;
    return response;
  } catch (error) {
    if (error instanceof S3Error) origin.silent = true;
    fill.abort(abortCode(error));
    throw error;
  } finally {
    signal.removeEventListener("abort", onLeave);
  }
}
