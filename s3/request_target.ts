/**
 * From the raw target and Host of a request to the bucket and key that it addresses.
 *
 * Nothing is normalised: `a//b`, `a/../b` and `.` are keys like any other.
 *
 * @module
 */
import { S3Error } from "./error.ts";
import { Query } from "./query.ts";
import type { RequestHead } from "./request_head.ts";
import { canonicalPath } from "./uri.ts";

/** What a target may hold: ASCII, and no fragment, which servers cut off or take for a part. */
const TARGET = /^[\0-"$-\x7f]*$/;

/** What a request addresses. */
export interface RequestTarget {
  /** The path as it came. */
  readonly path: string;
  /** The path in its canonical spelling, as a signature covers it. */
  readonly canonicalPath: string;
  /** The query as it came. */
  readonly query: Query;
  /** The bucket, canonically spelled; empty for the service itself. */
  readonly bucket: string;
  /** The key in its canonical spelling; empty for a bucket or the service. */
  readonly key: string;
  /** The raw path-style path that addresses the same resource: `/bucket/key`. */
  readonly pathStyle: string;
  /**
   * Whether servers read the path in two ways: a bare `+` is a space to some, and `..` beyond the
   * first segment of the key is another bucket to some. Such a request is never answered from
   * the cache, and a write in this spelling concerns both readings.
   */
  readonly ambiguous: boolean;
}

/** How host names address buckets. */
export interface AddressingOptions {
  /** `bucket.DOMAIN` addresses a bucket; without it every request is path-style. */
  readonly virtualHostDomain?: string | undefined;
}

/**
 * Cuts the target of a request.
 *
 * @param head The request's head.
 * @param options How host names address buckets.
 * @throws {S3Error} InvalidURI for a target that is no path, is wrongly percent-encoded or has
 * characters beyond ASCII; InvalidBucketName for an empty bucket before a key, for one with a
 * slash in it, and for `.` and `..`, which a server on the way might take for a step out of the
 * endpoint's path.
 *
 * @example
 * ```ts
 * import { HeaderList, parseRequestTarget } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const target = parseRequestTarget({
 *   method: "GET",
 *   target: "/a%2fb/../c?versionId=1",
 *   headers: new HeaderList([["host", "photos.s3.example:8080"]]),
 * }, { virtualHostDomain: "s3.example" });
 * assert.equal(target.bucket, "photos");
 * assert.equal(target.key, "a/b/../c");
 * assert.equal(target.pathStyle, "/photos/a%2fb/../c");
 * ```
 */
export function parseRequestTarget(
  head: RequestHead,
  options: AddressingOptions = {},
): RequestTarget {
  const question = head.target.indexOf("?");
  const path = question < 0 ? head.target : head.target.slice(0, question);
  if (!path.startsWith("/") || !TARGET.test(head.target)) throw new S3Error("InvalidURI");
  const query = new Query(question < 0 ? "" : head.target.slice(question + 1));
  const canonical = canonicalPath(path);

  const hostBucket = bucketOfHost(head.headers.get("host") ?? "", options.virtualHostDomain);
  if (hostBucket !== undefined) {
    return {
      path,
      canonicalPath: canonical,
      query,
      bucket: checkBucket(hostBucket),
      key: canonical.slice(1),
      pathStyle: `/${hostBucket}${path}`,
      ambiguous: isAmbiguous(path, canonical.slice(1)),
    };
  }
  if (canonical === "/") {
    return {
      path,
      canonicalPath: canonical,
      query,
      bucket: "",
      key: "",
      pathStyle: path,
      ambiguous: false,
    };
  }
  if (/^\/[^/]*%2f/i.test(path)) throw new S3Error("InvalidBucketName");
  const slash = canonical.indexOf("/", 1);
  const key = slash < 0 ? "" : canonical.slice(slash + 1);
  return {
    path,
    canonicalPath: canonical,
    query,
    bucket: checkBucket(slash < 0 ? canonical.slice(1) : canonical.slice(1, slash)),
    key,
    pathStyle: path,
    ambiguous: isAmbiguous(path, key),
  };
}

function isAmbiguous(path: string, key: string): boolean {
  if (path.includes("+")) return true;
  if (!key.includes("..")) return false;
  let depth = 0;
  for (const segment of key.split("/")) {
    if (segment === "..") depth--;
    else if (segment !== "" && segment !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** The bucket that a Host field addresses below `domain`, its port ignored. */
function bucketOfHost(host: string, domain: string | undefined): string | undefined {
  if (domain === undefined) return undefined;
  const name = host.replace(/:\d*$/, "").toLowerCase();
  const suffix = "." + domain.toLowerCase();
  return name.endsWith(suffix) ? canonicalPath(name.slice(0, -suffix.length)) : undefined;
}

function checkBucket(bucket: string): string {
  if (bucket === "" || bucket === "." || bucket === ".." || bucket.includes("/")) {
    throw new S3Error("InvalidBucketName");
  }
  return bucket;
}
