/**
 * Amazon's words: targets, operations, ranges, conditions, errors and XML of S3. Pure functions
 * over strings; nothing here does input or output.
 *
 * @module
 */
export * from "./error.ts";
export * from "./header_list.ts";
export * from "./query.ts";
export * from "./request_head.ts";
export * from "./request_target.ts";
export * from "./uri.ts";
