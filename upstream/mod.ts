/**
 * The origin: one seam, and the client behind it.
 *
 * @module
 */
export * from "./byte_source.ts";
export * from "./client.ts";
export * from "./endpoint.ts";
export * from "./http_client.ts";
export * from "./options.ts";
