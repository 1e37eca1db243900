/**
 * The gate before the pipeline: open while the proxy serves, shut while it drains.
 *
 * `Deno.serve` takes the body away from a running request as soon as its server is shut down. So
 * uploads that run have to end before that, and what comes in the meantime is turned away here.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { errorResponse } from "./error_response.ts";
import type { Handler, RawRequest } from "./request.ts";

/** A pipeline that can be shut. */
export interface Gate {
  /** Answers as the pipeline does; with ServiceUnavailable once the gate is shut. */
  readonly handler: Handler<RawRequest>;
  /** Shuts the gate; settles when no request that has a body is running any more. */
  shut(): Promise<void>;
}

/**
 * Puts a gate before a pipeline.
 *
 * @param pipeline Answers requests.
 */
export function createGate(pipeline: Handler<RawRequest>): Gate {
  const ended = Promise.withResolvers<void>();
  let uploads = 0;
  let isShut = false;
  const leave = () => {
    uploads--;
    if (isShut && uploads === 0) ended.resolve();
  };
  return {
    handler: (request) => {
      if (isShut) return Promise.resolve(turnedAway(request));
      if (request.body !== null) {
        uploads++;
        request.completed.then(leave, leave);
      }
      return pipeline(request);
    },
    shut: () => {
      isShut = true;
      if (uploads === 0) ended.resolve();
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
