/**
 * The stage that names the operation of a request.
 *
 * @module
 */
import { cacheability, routeOperation } from "@s3-edge-cache/s3";
import type { Handler, RoutedRequest, VerifiedRequest } from "./request.ts";

/**
 * Finds the operation in Amazon's table, and whether its answer may come from the cache.
 *
 * @param next Takes the routed request.
 */
export function routeRequests(next: Handler<RoutedRequest>): Handler<VerifiedRequest> {
  return (request) => {
    const { raw, target } = request;
    const route = routeOperation(raw.method, target, raw.headers);
    return next({ ...request, route, cacheability: cacheability(route, target, raw.headers) });
  };
}
