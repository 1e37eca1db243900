/**
 * Dropping entries on an operator's order.
 *
 * @module
 */
import type { Cache } from "@s3-edge-cache/cache";
import type { EntryRecord } from "./entry_record.ts";
import { namePrefix, objectAddress } from "./object_address.ts";

/** What is to be dropped. */
export type PurgeOrder =
  | { readonly bucket: string; readonly key: string }
  | { readonly bucket: string; readonly prefix: string };

/**
 * Drops the entries of an object, or of all objects whose keys begin with a prefix; fills of them
 * that run are not admitted. When it settles, no worker finds them any more.
 *
 * @returns How many entries fewer the cache holds: what was filled meanwhile counts against it.
 * @throws {URIError} if key or prefix is no well-formed text.
 */
export async function purge(cache: Cache<EntryRecord>, order: PurgeOrder): Promise<number> {
  const scope = "key" in order
    ? { objects: [objectAddress(order.bucket, order.key).object] }
    : { prefix: namePrefix(order.bucket, order.prefix) };
  const before = cache.stats().entries;
  (await cache.beginWrite(scope)).end();
  return Math.max(0, before - cache.stats().entries);
}
