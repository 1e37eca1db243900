/**
 * A multipart upload under way.
 *
 * @module
 */
import type { ChecksumAlgorithm, StoredObject } from "./stored_object.ts";
import type { Checksum } from "./stored_object.ts";

/** A part that has arrived. */
export interface UploadedPart {
  /** Its entity tag with its quotes. */
  readonly etag: string;
  /** Its bytes. */
  readonly body: Uint8Array;
  /** When it arrived, in whole seconds since the epoch. */
  readonly lastModified: number;
  /** Its checksum. */
  readonly checksum: Checksum;
}

/** What was fixed when the upload began: the object less all that its parts decide. */
export type ObjectTemplate = Omit<
  StoredObject,
  "kind" | "versionId" | "lastModified" | "etag" | "body" | "checksum" | "parts"
>;

/** An upload. */
export interface Upload {
  /** Its id. */
  readonly uploadId: string;
  /** What the object will be beside its bytes. */
  readonly template: ObjectTemplate;
  /** When it began, in milliseconds since the epoch. */
  readonly initiated: number;
  /** The checksum algorithm that was asked for, `undefined` for the default. */
  readonly algorithm: ChecksumAlgorithm | undefined;
  /** What the checksum of the whole will cover. */
  readonly checksumType: "FULL_OBJECT" | "COMPOSITE";
  /** The parts by number. */
  readonly parts: Map<number, UploadedPart>;
}
