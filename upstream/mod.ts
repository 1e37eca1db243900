/**
 * The origin: one seam, and the client behind it.
 *
 * @module
 */
export * from "./client.ts";
