/**
 * Asking the origin for what the cache does not hold, or holds no longer unasked.
 *
 * The fill was begun before the request is sent, so that a write in between is noticed. A leader
 * that leaves ends the fill only if nobody else reads along.
 *
 * @module
 */
import type { Fill, Lease } from "@s3-edge-cache/cache";
import { serveWhileRevalidating } from "./background.ts";
import type { EntryRecord } from "./entry_record.ts";
import { keep } from "./keep.ts";
import { plainRequest, type Reading, type Sources, withoutOverrides } from "./reading.ts";
import type { RawResponse } from "./request.ts";
import { revalidate } from "./revalidate.ts";
import { isServable, meanwhileMs } from "./stale.ts";
import { wantedAnswer } from "./wanted.ts";

/** What a read leads. */
export interface Led {
  /** Not begun; ended by whoever leads, in every case. */
  readonly fill: Fill<EntryRecord>;
  /** What is held and must be asked about; given back by whoever leads. */
  readonly stale: Lease<EntryRecord> | undefined;
}

/**
 * Answers a read by asking the origin. Where nothing is held, it is asked just what the client
 * asks, unless the whole object is fetched for a range of it.
 *
 * @param led What the read leads.
 * @param reading The read.
 * @param sources What reads are answered from.
 */
export async function lead(
  { fill, stale }: Led,
  reading: Reading,
  sources: Sources,
): Promise<RawResponse> {
  if (stale !== undefined) {
    const isUrgent = !isServable(stale, meanwhileMs(sources), reading, sources.now());
    return isUrgent
      ? revalidate(fill, stale, reading, sources)
      : serveWhileRevalidating(fill, stale, reading, sources);
  }
  const { request, form, mustAsk } = reading;
  const verbatim = form === "part" || !request.raw.headers.has("range");
  const asked = verbatim ? withoutOverrides(request) : plainRequest(reading);
  const response = await wantedAnswer(fill, asked, sources);
  return keep(
    { fill, response, verbatim, why: mustAsk ? "request" : "uri-miss" },
    reading,
    sources,
  );
}
