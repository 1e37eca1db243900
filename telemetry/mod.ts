/**
 * What the proxy tells its operator.
 *
 * @module
 */
export * from "./figures.ts";
export { hashKey, hashNumber, type KeyHash } from "./key_hash.ts";
export * from "./line_queue.ts";
export * from "./line_writer.ts";
export * from "./log.ts";
export * from "./metrics.ts";
export * from "./otlp_export.ts";
export * from "./otlp_options.ts";
export * from "./outcome.ts";
export * from "./prometheus.ts";
export * from "./tally.ts";
export * from "./tally_memory.ts";
export * from "./tally_sums.ts";
export * from "./text_file.ts";
export * from "./unique.ts";
