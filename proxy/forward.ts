/**
 * The end of the way: the request goes to the origin under the proxy's own signature, and the
 * answer comes back as it is.
 *
 * @module
 */
import { S3Error, upstreamFields, upstreamQuery } from "@s3-edge-cache/s3";
import type { ByteSource, UpstreamClient, UpstreamResponse } from "@s3-edge-cache/upstream";
import { meteredSource } from "./metered_source.ts";
import { BYPASS, type Handler, type RoutedRequest } from "./request.ts";
import type { Trace } from "./trace.ts";
import { upstreamBody } from "./upload.ts";

/** Fields of an answer that the proxy writes itself, on hits and misses alike. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["date", "x-amz-request-id", "x-amz-id-2"]);
/** The same for an error: its document says the ids too, and the origin's owner knows them. */
const OWN_FIELDS_OF_ERRORS: ReadonlySet<string> = new Set(["date"]);

/**
 * Forwards a request with its raw target, its end-to-end fields and its verified body.
 *
 * @param upstream The origin.
 */
export function forward(upstream: UpstreamClient): Handler<RoutedRequest> {
  return async ({ raw, target, upload, anonymous }) => {
    const outgoing = upstreamBody(upload, upstreamFields(raw.headers));
    const { status, headers, body } = await traced(raw.trace, () =>
      upstream.send({
        method: raw.method,
        path: target.pathStyle,
        query: upstreamQuery(target.query),
        ...outgoing,
        expectContinue: raw.headers.get("expect")?.toLowerCase() === "100-continue",
        payloadHash: anonymous ? undefined : outgoing.payloadHash,
        signal: isRead(raw.method) ? raw.signal : undefined,
      }));
    const own = status >= 300 && status !== 304 ? OWN_FIELDS_OF_ERRORS : OWN_FIELDS;
    return {
      status,
      headers: headers.filter(([name]) => !own.has(name)),
      body,
      outcome: BYPASS,
    };
  };
}

/** Sends, and writes into the trace what comes of it. A client that leaves is no failure. */
async function traced(
  trace: Trace,
  send: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const askedAt = performance.now();
  trace.upstreamRequests += 1;
  try {
    const response = await send();
    trace.upstreamReached = true;
    if (response.status >= 500) trace.upstreamFailed = true;
    return response.body === null
      ? response
      : { ...response, body: received(trace, response.body) };
  } catch (error) {
    if (error instanceof S3Error && error.status >= 500) {
      trace.upstreamFailed = true;
      trace.upstreamReached = error.code === "SlowDown" ? undefined : false;
    }
    throw error;
  } finally {
    trace.upstreamMs = performance.now() - askedAt;
  }
}

function received(trace: Trace, body: ByteSource): ByteSource {
  trace.beginReceiving();
  const onBytes = (count: number) => void (trace.upstreamBytes += count);
  return meteredSource(body, onBytes, () => trace.endReceiving());
}

/** Whether nothing is lost when the origin is no longer asked, because the client left. */
function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
