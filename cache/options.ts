/**
 * What a cache is told.
 *
 * @module
 */
import type { RecordCodec } from "./cache.ts";

/** The bounds of a cache. */
export interface CacheLimits {
  /** Bytes held at most, records and bookkeeping included. */
  readonly maxBytes: number;
  /** Entries held at most, in all shards together; at most 16,777,216. */
  readonly maxEntries: number;
  /** Bytes of one body at most; a larger one is refused. */
  readonly maxObjectBytes: number;
  /** Age in milliseconds from which an entry is no longer found. */
  readonly ttlMs: number;
  /** Independent policies that the keys are spread over by hash; at most 65,536. */
  readonly shards: number;
}

/** The bounds of a cache, and how its records are weighed. */
export interface CacheOptions<R> extends CacheLimits {
  /** Turns a record into bytes; a record takes as many. */
  readonly codec: RecordCodec<R>;
}

/**
 * The bounds unless told otherwise: 1 GiB, 10,000 entries of at most 10 MiB, a day, 16 shards.
 */
export const CACHE_DEFAULTS: CacheLimits = Object.freeze({
  maxBytes: 1_073_741_824,
  maxEntries: 10_000,
  maxObjectBytes: 10_485_760,
  ttlMs: 86_400_000,
  shards: 16,
});

/** The most workers that can share a memory. */
export const MOST_WORKERS = 256;

/** The most entries that a cache can be told to hold. */
const MOST_ENTRIES = 16_777_216;

const MOST_SHARDS = 65_536;

/**
 * Holds options against their bounds.
 *
 * @throws {TypeError} if a limit is not a number or the codec lacks a function.
 * @throws {RangeError} naming the option, its bound and the value, if it is out of bounds.
 */
export function validateCacheOptions<R>(options: CacheOptions<R>): void {
  for (const name of ["encode", "decode"] as const) {
    if (typeof options.codec?.[name] !== "function") {
      throw new TypeError(`codec.${name} must be a function`);
    }
  }
  validateCacheLimits(options);
}

/**
 * Holds limits against their bounds.
 *
 * @throws {TypeError} if a limit is not a number.
 * @throws {RangeError} naming the limit, its bound and the value, if it is out of bounds.
 */
export function validateCacheLimits(limits: CacheLimits): void {
  holdInteger("maxBytes", limits.maxBytes, Number.MAX_SAFE_INTEGER);
  holdInteger("maxEntries", limits.maxEntries, MOST_ENTRIES);
  holdInteger("maxObjectBytes", limits.maxObjectBytes, Number.MAX_SAFE_INTEGER);
  holdInteger("ttlMs", limits.ttlMs, Number.MAX_SAFE_INTEGER);
  holdInteger("shards", limits.shards, MOST_SHARDS);
  if (limits.maxBytes < limits.maxObjectBytes) {
    throw new RangeError(
      `maxBytes must be at least maxObjectBytes (${limits.maxObjectBytes}), ` +
        `is ${limits.maxBytes}`,
    );
  }
}

function holdInteger(name: keyof CacheLimits, value: unknown, most: number): void {
  if (typeof value !== "number") {
    throw new TypeError(`${name} must be a number, is ${value === null ? "null" : typeof value}`);
  }
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new RangeError(`${name} must be an integer from 1 to ${most}, is ${value}`);
  }
}
