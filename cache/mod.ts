/**
 * S3-FIFO and the store behind it: bodies and records by opaque keys, bounded in bytes and
 * entries. No HTTP, no clock of its own.
 *
 * @module
 */
export * from "./cache.ts";
export * from "./policy.ts";
export * from "./options.ts";
export * from "./local_cache.ts";
export * from "./s3_fifo.ts";
export * from "./shards.ts";
export { SlotTable } from "./slot_table.ts";
export { type Frequencies, LocalFrequencies } from "./frequencies.ts";
