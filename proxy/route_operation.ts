/**
 * The stage that names the operation of a request.
 *
 * @module
 */
import { cacheability, routeOperation, S3Error } from "@s3-edge-cache/s3";
import type { Handler, RoutedRequest, VerifiedRequest } from "./request.ts";

/** Operations that S3 does not take without a Content-Length, be it 0. */
const MEASURED: ReadonlySet<string> = new Set(["PutObject", "UploadPart"]);

/**
 * Finds the operation in Amazon's table, and whether its answer may come from the cache.
 *
 * @param next Takes the routed request.
 * @throws {S3Error} MissingContentLength for an object or part that does not say how long it is:
 * sent on, it would be an empty one.
 */
export function routeRequests(next: Handler<RoutedRequest>): Handler<VerifiedRequest> {
  return (request) => {
    const { raw, target, upload } = request;
    const route = routeOperation(raw.method, target, raw.headers);
    raw.trace.route = route;
    const measured = raw.headers.has("content-length") || upload?.payload.kind === "chunked";
    if (!measured && MEASURED.has(route.operation.name)) throw new S3Error("MissingContentLength");
    const judged = cacheability(route, target, raw.headers);
    if (judged.kind === "bypass") raw.trace.why = judged.reason;
    return next({ ...request, route, cacheability: judged });
  };
}
