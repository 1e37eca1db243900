/**
 * Whether a body is the one that its header fields speak of.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { HeaderPair } from "@s3-edge-cache/s3";

/** Follows a body and compares it, at its end, with what was announced. */
export interface IntegrityCheck {
  /** Whether there is anything to compare with. */
  readonly known: boolean;
  /** Takes the next bytes. */
  update(chunk: Uint8Array): void;
  /** Whether the bytes so far are the announced ones. Called once, at the end. */
  passes(): boolean;
}

/** The check of a body of which nothing is known. */
export const NOTHING_KNOWN: IntegrityCheck = { known: false, update() {}, passes: () => true };

/**
 * The check that an answer's fields allow: an ETag of 32 hex digits is the body's MD5, unless the
 * object is encrypted with a key of KMS or the client (Amazon S3 API Reference, "Object").
 *
 * @param headers The answer's fields.
 */
export function createIntegrityCheck(headers: readonly HeaderPair[]): IntegrityCheck {
  const value = (field: string) => headers.find(([name]) => name === field)?.[1];
  const md5 = /^"([0-9a-f]{32})"$/.exec(value("etag") ?? "")?.[1];
  const encryption = value("x-amz-server-side-encryption");
  if (md5 === undefined || (encryption !== undefined && encryption !== "AES256")) {
    return NOTHING_KNOWN;
  }
  const hash = createHash("md5");
  return {
    known: true,
    update: (chunk) => void hash.update(chunk),
    passes: () => hash.digest("hex") === md5,
  };
}
