/**
 * How far the cache goes for a read.
 *
 * @module
 */

/** What a cache may do beside serving what is fresh. */
export interface ReadRules {
  /** How long after its expiry an entry answers where the origin fails, in milliseconds. */
  readonly staleIfErrorMs: number;
  /** How long after its expiry an entry answers while the origin is asked, in milliseconds. */
  readonly staleWhileRevalidateMs: number;
  /** Size up to which an object is fetched whole where a range of it is read, in bytes. */
  readonly wholeObjectBytes: number;
  /**
   * Whether a body of known length is held against the MD5 that its ETag is, before it is kept: 1.5
   * to 2 ms of CPU a MiB, two to three times what the rest of a miss costs.
   */
  readonly checkMd5: boolean;
}

/**
 * The rules unless told otherwise: nothing stale is served, up to 1 MiB is fetched whole, and what is
 * kept is checked.
 */
export const READ_DEFAULTS: ReadRules = Object.freeze({
  staleIfErrorMs: 0,
  staleWhileRevalidateMs: 0,
  wholeObjectBytes: 1_048_576,
  checkMd5: true,
});
