/**
 * Signature Version 4, both directions: what clients sent is verified, what goes to the origin
 * is signed.
 *
 * @module
 */
export * from "./credentials.ts";
