/**
 * Where an object's entries are in the cache.
 *
 * @module
 */
import type { Route } from "@s3-edge-cache/s3";

/**
 * The cache's name of an object, the same for every spelling of its key and for path-style and
 * virtual-host requests.
 */
export function objectName(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** What the names of all objects of a bucket begin with. */
export function bucketPrefix(bucket: string): string {
  return `${bucket}/`;
}

/** The cache's name of the object that a request concerns. */
export function routedObject(route: Route): string {
  return objectName(route.bucket, route.key);
}
