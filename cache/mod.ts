/**
 * S3-FIFO and the store behind it: bodies and records by opaque keys, bounded in bytes and
 * entries. No HTTP, no clock of its own.
 *
 * @module
 */
export * from "./awaitable.ts";
export * from "./cache.ts";
export * from "./copy_bytes.ts";
export * from "./fill.ts";
export * from "./policy.ts";
export * from "./options.ts";
export * from "./open_cache.ts";
export * from "./shared_cache.ts";
export { CacheKeeper } from "./cache_keeper.ts";
export type { EntryDescription } from "./describe_entries.ts";
export { type CacheMemory, createCacheMemory } from "./memory.ts";
export {
  createPolicyMemory,
  policyBytes,
  type PolicyLimits,
  type PolicyMemory,
} from "./policy_memory.ts";
export { shardedS3Fifo } from "./sharded_s3_fifo.ts";
