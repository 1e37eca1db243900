/**
 * The form of a conformance test.
 *
 * @module
 */
import type { Cache } from "../cache.ts";
import type { CacheLimits } from "../options.ts";

/** One thing that every cache has to do. */
export interface ConformanceCase {
  /** What it does. */
  readonly what: string;
  /** Limits other than {@linkcode CONFORMANCE_LIMITS}. */
  readonly limits?: Partial<CacheLimits>;
  /** Throws if the cache, which is empty at first, does not do it. */
  run(cache: Cache<string>): void | Promise<void>;
}

/** The limits of the cases. */
export const CONFORMANCE_LIMITS: CacheLimits = {
  maxBytes: 4_000_000,
  maxEntries: 50,
  maxObjectBytes: 2_000_000,
  ttlMs: 1_000,
  shards: 4,
};
