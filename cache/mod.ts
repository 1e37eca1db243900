/**
 * S3-FIFO and the store behind it: bodies and records by opaque keys, bounded in bytes and
 * entries. No HTTP, no clock of its own.
 *
 * @module
 */
export * from "./cache.ts";
