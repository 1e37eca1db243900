/**
 * The stage that makes one record of each request, at its end.
 *
 * @module
 */
import type { OutcomeName } from "@s3-edge-cache/telemetry";
import { meteredSource } from "./metered_source.ts";
import type { Handler, Outcome, RawRequest, RawResponse } from "./request.ts";

/** Hears of each request once, at its end; what is known of it is in its trace. Never throws. */
export type RequestObserver = (request: RawRequest, response: RawResponse) => void;

/**
 * Has an observer hear of each request: at once where the answer is at hand, else when its body was
 * released.
 *
 * @param observe Hears of requests.
 * @param next Answers requests; never throws.
 */
export function recordRequests(
  observe: RequestObserver,
  next: Handler<RawRequest>,
): Handler<RawRequest> {
  return (request) => {
    const response = next(request);
    return response instanceof Promise
      ? response.then((response) => recorded(observe, request, response))
      : recorded(observe, request, response);
  };
}

function recorded(
  observe: RequestObserver,
  request: RawRequest,
  response: RawResponse,
): RawResponse {
  const { trace } = request;
  const { body } = response;
  if (body === null || body instanceof Uint8Array) {
    trace.bytes = body === null ? 0 : body.length;
    end(observe, request, response);
    return response;
  }
  const onBytes = (count: number) => void (trace.bytes += count);
  const onRelease = () => end(observe, request, response);
  return { ...response, body: meteredSource(body, onBytes, onRelease) };
}

function end(observe: RequestObserver, request: RawRequest, response: RawResponse): void {
  const { trace } = request;
  const { status, outcome } = response;
  trace.status = status;
  trace.outcome = outcomeName(outcome);
  if (outcome.kind === "miss" || outcome.kind === "revalidated") trace.why = outcome.why;
  trace.durationMs = performance.now() - trace.startedAt;
  if (trace.isReceiving) trace.whenReceived(() => observe(request, response));
  else observe(request, response);
}

/** The name of an outcome: telemetry has one for each kind. */
function outcomeName({ kind }: Outcome): OutcomeName {
  return kind;
}
