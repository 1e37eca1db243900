/**
 * Objects as an operator names them.
 *
 * @module
 */
import { canonicalPath } from "@s3-edge-cache/s3";
import { bucketPrefix, objectName } from "./entry_address.ts";

/** An object, as requests address it. */
export interface ObjectAddress {
  /** The bucket. */
  readonly bucket: string;
  /** The key in its canonical spelling. */
  readonly key: string;
  /** The name of its entries in the cache. */
  readonly object: string;
}

/**
 * The object of a bucket and a key that is written plainly.
 *
 * @throws {URIError} if the key is no well-formed text.
 */
export function objectAddress(bucket: string, key: string): ObjectAddress {
  const canonical = canonicalKey(key);
  return { bucket, key: canonical, object: objectName(bucket, canonical) };
}

/**
 * What the names of all objects begin with whose keys begin with a prefix, and perhaps of some
 * more: keys that file systems read in two ways are known by one reading.
 *
 * @throws {URIError} if the prefix is no well-formed text.
 */
export function namePrefix(bucket: string, prefix: string): string {
  const canonical = canonicalKey(prefix);
  const isPlain = !/(?:^|\/)\.{0,2}\//.test(canonical);
  return bucketPrefix(bucket) + (isPlain ? canonical : "");
}

function canonicalKey(key: string): string {
  return canonicalPath(`/${key.split("/").map(encodeURIComponent).join("/")}`).slice(1);
}
