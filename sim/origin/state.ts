/**
 * What the origin holds.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { Bucket } from "./bucket.ts";
import { OriginError } from "./error.ts";
import type { OriginOptions } from "./options.ts";

/** Everything an operation may read and change. Operations are synchronous: each is atomic. */
export interface State {
  /** The buckets by name. */
  readonly buckets: Map<string, Bucket>;
  /** How the origin was started. */
  readonly options: Required<OriginOptions>;
  /** A new opaque id of `length` characters, the same again for the same seed and history. */
  nextId(length: number): string;
}

/** An origin that holds nothing. */
export function emptyState(options: Required<OriginOptions>): State {
  let sequence = 0;
  return {
    buckets: new Map(),
    options,
    nextId(length) {
      sequence++;
      const digest = hash("sha512", `${options.seed}/${sequence}`, "base64url");
      return digest.replaceAll("-", "0").replaceAll("_", "1").slice(0, length);
    },
  };
}

/**
 * A bucket that must be there.
 *
 * @throws {OriginError} NoSuchBucket
 */
export function requireBucket(state: State, name: string): Bucket {
  const bucket = state.buckets.get(name);
  if (bucket === undefined) {
    throw new OriginError("NoSuchBucket", { details: { BucketName: name } });
  }
  return bucket;
}

/** The canonical id of whose bucket everything is in. */
export const OWNER_ID = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";
/** The account of that owner. */
export const OWNER_ACCOUNT = "111122223333";
