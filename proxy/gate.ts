/**
 * The gate before the pipeline: open while the proxy serves, shut while it drains.
 *
 * `Deno.serve` takes the body away from a running request as soon as its server is shut down, and a
 * server that is shut down can't be cut. So what runs has to end before that, and what comes in the
 * meantime is turned away here.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { errorResponse } from "./error_response.ts";
import { meteredSource } from "./metered_source.ts";
import type { Handler, RawRequest, RawResponse } from "./request.ts";

/** A pipeline that can be shut. */
export interface Gate {
  /** Answers as the pipeline does; with ServiceUnavailable once the gate is shut. */
  readonly handler: Handler<RawRequest>;
  /** Shuts the gate; settles when no request is being read or answered any more. */
  shut(): Promise<void>;
}

/**
 * Puts a gate before a pipeline.
 *
 * @param pipeline Answers requests.
 */
export function createGate(pipeline: Handler<RawRequest>): Gate {
  const ended = Promise.withResolvers<void>();
  let running = 0;
  let isShut = false;
  const leave = () => {
    running--;
    if (isShut && running === 0) ended.resolve();
  };
  const untilReleased = (response: RawResponse): RawResponse => {
    const { body } = response;
    if (body === null || body instanceof Uint8Array) return response;
    running++;
    return { ...response, body: meteredSource(body, () => {}, leave) };
  };
  return {
    handler: (request) => {
      if (isShut) return turnedAway(request);
      if (request.body !== null) {
        running++;
        request.completed.then(leave, leave);
      }
      const response = pipeline(request);
      if (!(response instanceof Promise)) return untilReleased(response);
      running++;
      return response.then(untilReleased).finally(leave);
    },
    shut: () => {
      isShut = true;
      if (running === 0) ended.resolve();
      return ended.promise;
    },
  };
}

function turnedAway(request: RawRequest) {
  const error = new S3Error("ServiceUnavailable", {
    message: "This endpoint is about to stop. Please try again.",
    headers: [["connection", "close"], ["retry-after", "1"]],
  });
  return errorResponse(error, request, request.target.split("?", 1)[0]!);
}
