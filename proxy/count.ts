/**
 * Counting requests.
 *
 * @module
 */
import type { Tally } from "@s3-edge-cache/telemetry";
import type { RequestObserver } from "./record.ts";
import type { RawResponse } from "./request.ts";
import type { Trace } from "./trace.ts";

/**
 * An observer that counts each request.
 *
 * @param tally What it is counted in.
 */
export function countRequests(tally: Tally): RequestObserver {
  return ({ trace }, response) => {
    tally.request(trace);
    if (trace.upstreamRequests > 0) countUpstream(tally, trace, response);
    if (trace.invalidates) tally.event("invalidation");
    if (trace.fillGivenUp) tally.event("buffering_error");
  };
}

function countUpstream(tally: Tally, trace: Trace, { headers }: RawResponse): void {
  tally.event("upstream_request", trace.upstreamRequests);
  if (trace.upstreamMs !== undefined) tally.firstByte(trace.upstreamMs);
  if (trace.upstreamReached !== undefined) tally.origin(trace.upstreamReached, Date.now());
  if (trace.upstreamFailed) tally.event("upstream_error");
  const { route, status, outcome } = trace;
  if (status !== 200 || outcome === "bypass" || route?.operation.name !== "GetObject") return;
  const length = headers.find(([name]) => name === "content-length")?.[1];
  tally.object(`${route.bucket}/${route.key}`, Number(length ?? 0));
}
