/**
 * The address of the origin.
 *
 * @module
 */

/** An S3 endpoint, cut into what a request needs of it. */
export interface Endpoint {
  /** Scheme, host and port, as connections are opened to. */
  readonly origin: string;
  /** The Host field's value: the port only where it is not the scheme's own. */
  readonly host: string;
  /** What stands before `/bucket/key`: empty, or a path without a slash at its end. */
  readonly pathPrefix: string;
}

/**
 * Reads an endpoint URL.
 *
 * @param url `http` or `https`, host, optional port, optional path prefix.
 * @throws {TypeError} if the URL does not parse, has another scheme, or carries credentials, a
 * query or a fragment.
 *
 * @example
 * ```ts
 * import { parseEndpoint } from "@s3-edge-cache/upstream";
 * import assert from "node:assert/strict";
 *
 * const endpoint = parseEndpoint("https://gateway.example:8443/storage/");
 * assert.equal(endpoint.host, "gateway.example:8443");
 * assert.equal(endpoint.pathPrefix, "/storage");
 * ```
 */
export function parseEndpoint(url: string): Endpoint {
  if (!URL.canParse(url)) {
    throw new TypeError("an endpoint is a URL such as https://s3.example.com");
  }
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new TypeError("an endpoint's scheme is http or https");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new TypeError("an endpoint carries no credentials");
  }
  if (parsed.search !== "" || parsed.hash !== "") {
    throw new TypeError("an endpoint carries no query and no fragment");
  }
  return {
    origin: parsed.origin,
    host: parsed.host,
    pathPrefix: parsed.pathname.replace(/\/+$/, ""),
  };
}
