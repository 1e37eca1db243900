/**
 * The end of the way: the request goes to the origin under the proxy's own signature, and the
 * answer comes back as it is.
 *
 * @module
 */
import { upstreamFields, upstreamQuery } from "@s3-edge-cache/s3";
import type { UpstreamClient } from "@s3-edge-cache/upstream";
import { BYPASS, type Handler, type RoutedRequest } from "./request.ts";
import { upstreamBody } from "./upload.ts";

/** Fields of an answer that the proxy writes itself, on hits and misses alike. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["date", "x-amz-request-id", "x-amz-id-2"]);

/**
 * Forwards a request with its raw target, its end-to-end fields and its verified body.
 *
 * @param upstream The origin.
 */
export function forward(upstream: UpstreamClient): Handler<RoutedRequest> {
  return async ({ raw, target, upload, anonymous }) => {
    const outgoing = upstreamBody(upload, upstreamFields(raw.headers));
    const response = await upstream.send({
      method: raw.method,
      path: target.pathStyle,
      query: upstreamQuery(target.query),
      ...outgoing,
      payloadHash: anonymous ? undefined : outgoing.payloadHash,
      signal: isRead(raw.method) ? raw.signal : undefined,
    });
    return {
      status: response.status,
      headers: response.headers.filter(([name]) => !OWN_FIELDS.has(name)),
      body: response.body,
      outcome: BYPASS,
    };
  };
}

/** Whether nothing is lost when the origin is no longer asked, because the client left. */
function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
