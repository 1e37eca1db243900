/**
 * A bucket.
 *
 * Invariants: the newest version of a key stands last in its list; a list is never empty; at
 * most one version of a key is named `null`.
 *
 * @module
 */
import type { Upload } from "./upload.ts";
import type { Version } from "./stored_object.ts";

/** A bucket. Keys are byte strings: the bytes that their canonical spelling stands for. */
export interface Bucket {
  /** Its name. */
  readonly name: string;
  /** When it was created, in milliseconds since the epoch. */
  readonly created: number;
  /** Whether versions are kept. */
  versioning: "none" | "Enabled" | "Suspended";
  /** Whether objects can be locked. */
  objectLock: boolean;
  /** Its access control: a canned name or a document. */
  acl: string;
  /** Every version of every key. */
  readonly versions: Map<string, Version[]>;
  /** The multipart uploads under way, by id. */
  readonly uploads: Map<string, Upload>;
  /** Documents of its sub-resources, by name, with an id where they have one. */
  readonly documents: Map<string, Uint8Array>;
}

/** A bucket that holds nothing. */
export function emptyBucket(name: string, created: number): Bucket {
  return {
    name,
    created,
    versioning: "none",
    objectLock: false,
    acl: "private",
    versions: new Map(),
    uploads: new Map(),
    documents: new Map(),
  };
}
