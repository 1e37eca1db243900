/**
 * The field that S3 demands with a document of settings.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { HeaderPair } from "@s3-edge-cache/s3";

/** Content-MD5 of a body. */
export function contentMd5(body: string | Uint8Array): HeaderPair {
  return ["content-md5", createHash("md5").update(body).digest("base64")];
}
