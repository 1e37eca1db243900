/**
 * What can be set of the way to the origin.
 *
 * @module
 */
import type { Credentials } from "@s3-edge-cache/auth";
import type { Endpoint } from "./endpoint.ts";

/** The origin, the credentials for it, and the bounds on waiting for it. */
export interface UpstreamOptions {
  /** Where the origin is. */
  readonly endpoint: Endpoint;
  /** The proxy's own credentials at the origin. */
  readonly credentials: Credentials;
  /** The region that requests are signed for. */
  readonly region: string;
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Longest wait for the head of an answer once the request is sent, in milliseconds. */
  readonly firstByteTimeoutMs: number;
  /** Longest silence within a body, in milliseconds; a reader's own pauses do not count. */
  readonly idleTimeoutMs: number;
  /** Most connections at a time; further requests wait their turn. */
  readonly maxConnections: number;
  /** Most times that one request is sent. */
  readonly maxAttempts: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** A number in [0, 1), for the jitter between attempts. */
  readonly random: () => number;
}

/** Defaults of all that has one. */
export const UPSTREAM_DEFAULTS = {
  region: "us-east-1",
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  maxConnections: 256,
  maxAttempts: 3,
  now: Date.now,
  random: Math.random,
} as const satisfies Partial<UpstreamOptions>;

/**
 * Checks options.
 *
 * @throws {RangeError} naming the option, its bound and its value.
 */
export function validateUpstreamOptions(options: UpstreamOptions): void {
  for (const name of ["connectTimeoutMs", "firstByteTimeoutMs", "idleTimeoutMs"] as const) {
    if (!(options[name] > 0)) throw new RangeError(`${name} must be above 0: ${options[name]}`);
  }
  for (const name of ["maxConnections", "maxAttempts"] as const) {
    if (!Number.isSafeInteger(options[name]) || options[name] < 1) {
      throw new RangeError(`${name} must be a whole number of at least 1: ${options[name]}`);
    }
  }
}
