/**
 * The simulator's parts: a strict in-memory S3 to test against.
 *
 * @module
 */
export * from "./origin/answer.ts";
export * from "./origin/bucket.ts";
export * from "./origin/calls.ts";
export * from "./origin/fault.ts";
export * from "./origin/hold.ts";
export * from "./origin/options.ts";
export * from "./origin/origin.ts";
export * from "./origin/stored_object.ts";
export * from "./origin/upload.ts";
