/**
 * The stage that keeps writes and the cache apart.
 *
 * Invariant: from before a write is forwarded until its answer is complete or lost, no entry of
 * what it may change is found or admitted. Success, failure and unknown are treated alike.
 *
 * @module
 */
import type { Cache, Write, WriteScope } from "@s3-edge-cache/cache";
import type { EntryRecord } from "./entry_record.ts";
import { onBodyEnd } from "./body_end.ts";
import type { Handler, RoutedRequest } from "./request.ts";
import { writeScope } from "./write_scope.ts";

/**
 * Begins a write on what a request may change, and ends it with the origin's answer.
 *
 * @param cache The cache whose entries the write makes stale.
 * @param next Forwards the request.
 */
export function invalidateWrites(
  cache: Cache<EntryRecord>,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  return async (request) => {
    if (request.route.operation.invalidates === "nothing") return next(request);
    const { scope, forwarded } = await writeScope(request);
    return during(await cache.beginWrite(scope), forwarded, next);
  };
}

async function during(write: Write, request: RoutedRequest, next: Handler<RoutedRequest>) {
  try {
    const response = await next(request);
    if (response.body instanceof ReadableStream) {
      return { ...response, body: onBodyEnd(response.body, () => write.end()) };
    }
    await write.end();
    return response;
  } catch (error) {
    await write.end();
    throw error;
  }
}

export type { WriteScope };
