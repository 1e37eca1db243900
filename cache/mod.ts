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
export {
  createPolicyMemory,
  policyBytes,
  type PolicyLimits,
  type PolicyMemory,
} from "./policy_memory.ts";
export { shardedS3Fifo } from "./sharded_s3_fifo.ts";
