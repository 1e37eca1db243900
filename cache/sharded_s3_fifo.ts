/**
 * The policy that the caches use.
 *
 * @module
 */
import type { Policy } from "./policy.ts";
import { type PolicyMemory, policyViews } from "./policy_memory.ts";
import { Shards } from "./shards.ts";

/**
 * Attaches to a policy: S3-FIFO in shards that divide the capacity evenly.
 *
 * Any number may attach to one memory, in any isolate if its buffer is shared. They are one policy
 * as long as they are used in turns, each call complete and seen by all before the next one
 * begins. Only `access` may come at any time: it takes no lock.
 *
 * @example
 * ```ts
 * import { createPolicyMemory, shardedS3Fifo } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const limits = { maxBytes: 1_000, maxEntries: 10, shards: 1, slots: 10 };
 * const policy = shardedS3Fifo(createPolicyMemory(limits, ArrayBuffer));
 * policy.insert(0, 400, 0x1234, 0x5678);
 * policy.insert(1, 600, 0xabcd, 0xef01);
 * policy.access(0);
 * policy.access(0);
 * assert.equal(policy.evict(0, 0), 1);
 * assert.equal(policy.weight, 400);
 * ```
 */
export function shardedS3Fifo(memory: PolicyMemory): Policy {
  return new Shards(policyViews(memory));
}
