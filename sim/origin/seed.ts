/**
 * Objects that are there without a request.
 *
 * @module
 */
import { hash } from "node:crypto";
import { HeaderList, type HeaderPair } from "@s3-edge-cache/s3";
import { keyOfText } from "./keys.ts";
import { checksumOf } from "./checksums.ts";
import { objectTemplate } from "./object_headers.ts";
import { storeObject } from "./put_object.ts";
import { requireBucket, type State } from "./state.ts";
import type { StoredObject } from "./stored_object.ts";

/** Puts an object into a bucket, past HTTP. */
export function seedObject(
  state: State,
  bucket: string,
  key: string,
  body: Uint8Array | string,
  headers: readonly HeaderPair[],
): StoredObject {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body.slice();
  const template = objectTemplate(keyOfText(key), new HeaderList(headers), false);
  return storeObject(state, requireBucket(state, bucket), template, {
    body: bytes,
    etag: `"${hash("md5", bytes, "hex")}"`,
    checksum: {
      algorithm: "CRC64NVME",
      value: checksumOf("CRC64NVME", bytes),
      type: "FULL_OBJECT",
    },
    parts: undefined,
  });
}
