/**
 * The policies by name.
 *
 * @module
 */
import { createPolicyMemory, type Policy, shardedS3Fifo } from "@s3-edge-cache/cache";
import { Belady } from "./belady.ts";
import type { Clairvoyant } from "./clairvoyant.ts";
import { Fifo } from "./fifo.ts";
import { Lru } from "./lru.ts";
import { Sieve } from "./sieve.ts";
import { WTinyLfu } from "./w_tiny_lfu.ts";

/** Every policy: the proxy's own first, then the yardsticks. */
export const POLICY_NAMES = ["s3-fifo", "lru", "fifo", "sieve", "w-tinylfu", "belady"] as const;

/** The name of a policy. */
export type PolicyName = (typeof POLICY_NAMES)[number];

/** What a policy has to share out. */
export interface PolicyBounds {
  /** Bytes in all. */
  readonly maxBytes: number;
  /** Entries in all, and slots. */
  readonly maxEntries: number;
  /** Shards of the proxy's own policy; the yardsticks have none. */
  readonly shards: number;
}

/** Makes an empty policy. */
export function makePolicy(name: PolicyName, bounds: PolicyBounds): Policy & Partial<Clairvoyant> {
  const { maxBytes, maxEntries } = bounds;
  switch (name) {
    case "s3-fifo":
      return shardedS3Fifo(createPolicyMemory({ ...bounds, slots: maxEntries }, ArrayBuffer));
    case "lru":
      return new Lru(maxEntries);
    case "fifo":
      return new Fifo(maxEntries);
    case "sieve":
      return new Sieve(maxEntries);
    case "w-tinylfu":
      return new WTinyLfu({ bytes: maxBytes, entries: maxEntries });
    case "belady":
      return new Belady(maxEntries);
  }
}
