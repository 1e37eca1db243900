/**
 * Answering a read from a fill that is running.
 *
 * @module
 */
import {
  FILL_GIVEN_UP,
  FILL_WORKER_DIED,
  type FillHead,
  type Follower,
} from "@s3-edge-cache/cache";
import { applyOverrides } from "@s3-edge-cache/s3";
import { abortError } from "./abort_code.ts";
import { conditionalResponse } from "./conditional_response.ts";
import type { EntryRecord } from "./entry_record.ts";
import { followerBody } from "./follower_body.ts";
import { type CacheableRequest, FOLLOW, type RawResponse } from "./request.ts";

/** The fill broke off before it had anything to tell: another one may go better. */
export const START_ANEW: unique symbol = Symbol("start anew");

/**
 * Answers a whole GetObject with the bytes of a fill as they land.
 *
 * @param follower Reads along; released here, or with the answer's body.
 * @param request The request.
 * @param now The time, in milliseconds since the epoch.
 * @returns The answer; `START_ANEW`; or `undefined` if the request has to go to the origin itself.
 * @throws {S3Error} if the leader could not reach the origin.
 */
export async function followFill(
  follower: Follower<EntryRecord>,
  request: CacheableRequest,
  now: number,
): Promise<RawResponse | typeof START_ANEW | undefined> {
  const { raw, cacheability } = request;
  const head = await headUnlessLeft(follower, raw.signal);
  if (head.kind === "aborted") {
    follower.release();
    if (head.code === FILL_GIVEN_UP || head.code === FILL_WORKER_DIED) return START_ANEW;
    const error = abortError(head.code);
    if (error !== undefined) throw error;
    return undefined;
  }
  const { record, size } = head;
  const settled = conditionalResponse(record, request, now);
  if (settled !== undefined) {
    follower.release();
    return { ...settled, outcome: FOLLOW };
  }
  const fields = applyOverrides(record.headers, cacheability.overrides);
  return {
    status: 200,
    headers: size === undefined ? fields : [...fields, ["content-length", String(size)]],
    body: followerBody(follower),
    outcome: FOLLOW,
  };
}

/** What the fill tells first; nothing is waited for once the client has left. */
async function headUnlessLeft(
  follower: Follower<EntryRecord>,
  signal: AbortSignal,
): Promise<FillHead<EntryRecord>> {
  const leave = () => follower.release();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await follower.head();
  } catch (error) {
    throw signal.aborted ? new DOMException("The client left", "AbortError") : error;
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
