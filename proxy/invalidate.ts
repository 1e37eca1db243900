/**
 * The stage that keeps writes and the cache apart.
 *
 * Invariant: from before a write is forwarded until its answer is complete or lost, no entry of
 * what it may change is found or admitted. Success, failure and unknown are treated alike. A
 * write whose answer was lost may still be carried out: it ends only after a time of grace.
 *
 * @module
 */
import type { Cache, Write } from "@s3-edge-cache/cache";
import { onBodyEnd } from "./body_end.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { Handler, RoutedRequest } from "./request.ts";
import { writeScope } from "./write_scope.ts";

/**
 * Begins a write on what a request may change, and ends it with the origin's answer.
 *
 * @param cache The cache whose entries the write makes stale.
 * @param graceMs How long a write goes on whose answer was lost, in milliseconds.
 * @param next Forwards the request.
 */
export function invalidateWrites(
  cache: Cache<EntryRecord>,
  graceMs: number,
  next: Handler<RoutedRequest>,
): Handler<RoutedRequest> {
  return (request) =>
    request.route.operation.invalidates === "nothing"
      ? next(request)
      : invalidating(request, cache, graceMs, next);
}

async function invalidating(
  request: RoutedRequest,
  cache: Cache<EntryRecord>,
  graceMs: number,
  next: Handler<RoutedRequest>,
) {
  request.raw.trace.invalidates = true;
  const { scope, forwarded } = await writeScope(request);
  return during(await cache.beginWrite(scope), graceMs, forwarded, next);
}

async function during(
  write: Write,
  graceMs: number,
  request: RoutedRequest,
  next: Handler<RoutedRequest>,
) {
  try {
    const response = await next(request);
    const { body } = response;
    if (body === null || body instanceof Uint8Array) {
      await write.end();
      return response;
    }
    const end = (error?: unknown) => error === undefined ? write.end() : lose(write, graceMs);
    return { ...response, body: onBodyEnd(body, end) };
  } catch (error) {
    await lose(write, graceMs);
    throw error;
  }
}

/** Ends a write when what was sent of it has had its time to take effect. */
function lose(write: Write, graceMs: number): void | Promise<void> {
  if (graceMs === 0) return write.end();
  setTimeout(() => write.end(), graceMs).unref();
}
