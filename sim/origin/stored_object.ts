/**
 * What a key leads to.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";

/** Names of the checksum algorithms, as they stand in documents. */
export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** A checksum of an object or a part. */
export interface Checksum {
  /** How it is computed. */
  readonly algorithm: ChecksumAlgorithm;
  /** Its value in Base64, with `-N` behind it where it is composite. */
  readonly value: string;
  /** Whether it covers the bytes or the checksums of the parts. */
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** One part of an object that was uploaded in parts. */
export interface ObjectPart {
  /** Its number. */
  readonly partNumber: number;
  /** Where it begins in the object. */
  readonly start: number;
  /** Its length in bytes. */
  readonly size: number;
  /** Its checksum. */
  readonly checksum: Checksum;
}

/** How an object is encrypted, as far as clients see it. */
export interface Encryption {
  /** `AES256` or `aws:kms`; `SSE-C` where the client keeps the key. */
  readonly algorithm: string;
  /** The id of the KMS key. */
  readonly kmsKeyId: string | undefined;
  /** MD5 of the key that the client keeps, in Base64. */
  readonly customerKeyMd5: string | undefined;
}

/** The retention of a version. */
export interface Retention {
  /** `GOVERNANCE` or `COMPLIANCE`. */
  readonly mode: string;
  /** Until when, in ISO 8601. */
  readonly retainUntil: string;
}

/** One version of an object. Its bytes and headers never change; what may change is marked. */
export interface StoredObject {
  /** Tells it from a delete marker. */
  readonly kind: "object";
  /** The key, a byte string. */
  readonly key: string;
  /** Its version; `null` where the bucket had none when it was written. */
  readonly versionId: string;
  /** When it was written, in whole seconds since the epoch. */
  readonly lastModified: number;
  /** The entity tag with its quotes. */
  readonly etag: string;
  /** The bytes. */
  readonly body: Uint8Array;
  /** Content headers as they are replayed: names as S3 spells them, values byte strings. */
  readonly contentHeaders: readonly HeaderPair[];
  /** User metadata, names in lower case with their prefix. */
  readonly metadata: readonly HeaderPair[];
  /** Its checksum. */
  readonly checksum: Checksum;
  /** Its parts, `undefined` where it was uploaded at once. */
  readonly parts: readonly ObjectPart[] | undefined;
  /** Its storage class. */
  readonly storageClass: string;
  /** How it is encrypted. */
  readonly encryption: Encryption;
  /** Where a website sends its readers instead. */
  readonly websiteRedirect: string | undefined;
  /** Its tags, in order; may change. */
  tags: readonly (readonly [key: string, value: string])[];
  /** Its access control: a canned name or a document; may change. */
  acl: string;
  /** `ON` or `OFF`; may change. */
  legalHold: string | undefined;
  /** May change. */
  retention: Retention | undefined;
  /** The value of `x-amz-restore`; may change. */
  restore: string | undefined;
}

/** What a delete leaves in a versioned bucket. */
export interface DeleteMarker {
  /** Tells it from an object. */
  readonly kind: "marker";
  /** The key, a byte string. */
  readonly key: string;
  /** Its version. */
  readonly versionId: string;
  /** When it was written, in whole seconds since the epoch. */
  readonly lastModified: number;
}

/** A version of a key. */
export type Version = StoredObject | DeleteMarker;
