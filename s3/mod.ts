/**
 * Amazon's words: targets, operations, ranges, conditions, errors and XML of S3. Pure functions
 * over strings; nothing here does input or output.
 *
 * @module
 */
export * from "./cache_control.ts";
export * from "./cacheability.ts";
export * from "./conditions.ts";
export * from "./delete_objects.ts";
export * from "./error.ts";
export * from "./error_xml.ts";
export * from "./header_list.ts";
export * from "./headers.ts";
export * from "./http_date.ts";
export * from "./operation.ts";
export * from "./post_form.ts";
export * from "./query.ts";
export * from "./range.ts";
export * from "./request_head.ts";
export * from "./request_target.ts";
export * from "./response_overrides.ts";
export * from "./route.ts";
export * from "./uri.ts";
