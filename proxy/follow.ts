/**
 * Answering a read from a fill that is running.
 *
 * @module
 */
import {
  type AbortCode,
  FILL_GIVEN_UP,
  FILL_RENEWED,
  FILL_WORKER_DIED,
  type FillHead,
  type Follower,
  type Lease,
} from "@s3-edge-cache/cache";
import { applyOverrides } from "@s3-edge-cache/s3";
import { abortError, ORIGIN_FAILED } from "./abort_code.ts";
import { conditionalResponse } from "./conditional_response.ts";
import type { EntryRecord } from "./entry_record.ts";
import { objectResponse, partResponse } from "./entry_response.ts";
import { filledBody, followerBody } from "./follower_body.ts";
import type { Reading, Sources } from "./reading.ts";
import { FOLLOW, type RawResponse } from "./request.ts";
import { isServable, meanwhileMs, staleResponse } from "./stale.ts";

/** The fill ended before it had anything to tell: what is held now may answer. */
export const START_ANEW: unique symbol = Symbol("start anew");

/** After these codes, it is worth the while to look again. */
const WORTH_ANOTHER: ReadonlySet<AbortCode> = new Set([
  FILL_GIVEN_UP,
  FILL_RENEWED,
  FILL_WORKER_DIED,
]);

/** What a read follows. */
export interface Followed {
  /** Reads along; released here, or with the answer's body. */
  readonly follower: Follower<EntryRecord>;
  /** What the fill may replace; given back here, or with the answer's body. */
  readonly stale: Lease<EntryRecord> | undefined;
}

/**
 * Answers a read with the bytes of a fill as they land; or with what is stale, where the rules let
 * it.
 *
 * @param followed The fill.
 * @param reading The read.
 * @param sources What reads are answered from.
 * @returns The answer; `START_ANEW`; or `undefined` if the request has to go to the origin itself.
 * @throws {S3Error} if the leader could not reach the origin.
 */
export async function followFill(
  { follower, stale }: Followed,
  reading: Reading,
  sources: Sources,
): Promise<RawResponse | typeof START_ANEW | undefined> {
  const fallback = (windowMs: number) =>
    stale !== undefined && isServable(stale, windowMs, reading, sources.now()) ? stale : undefined;
  const meanwhile = fallback(meanwhileMs(sources));
  if (meanwhile !== undefined) {
    follower.release();
    return await staleResponse(meanwhile, reading, sources);
  }
  let instead: Lease<EntryRecord> | undefined;
  try {
    const head = await headUnlessLeft(follower, reading.request.raw.signal);
    if (head.kind === "begun") return filledResponse(follower, head, reading, sources.now());
    follower.release();
    if (WORTH_ANOTHER.has(head.code)) return START_ANEW;
    const error = abortError(head.code);
    if (error !== undefined || head.code === ORIGIN_FAILED) {
      instead = fallback(sources.rules.staleIfErrorMs);
    }
    if (instead !== undefined) return await staleResponse(instead, reading, sources);
    if (error !== undefined) throw error;
    return undefined;
  } finally {
    if (instead === undefined) stale?.release();
  }
}

/** An answer from an entry that is announced; `undefined` if the read wants something else of it. */
function filledResponse(
  follower: Follower<EntryRecord>,
  { record, size }: Extract<FillHead<EntryRecord>, { kind: "begun" }>,
  { request, form }: Reading,
  now: number,
): RawResponse | undefined {
  if (size !== undefined) {
    const filled = { record, size, follower, release: () => follower.release() };
    const respond = form === "part" ? partResponse : objectResponse;
    return respond(filled, filledBody, request, now, FOLLOW);
  }
  const settled = conditionalResponse(record, request, now);
  if (settled === undefined && form === "whole" && !request.raw.headers.has("range")) {
    const headers = applyOverrides(record.headers, request.cacheability.overrides);
    return { status: 200, headers, body: followerBody(follower), outcome: FOLLOW };
  }
  follower.release();
  return settled && { ...settled, outcome: FOLLOW };
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
