/**
 * What a request may do: the owner everything, anybody else what an ACL says.
 *
 * @module
 */
import type { Bucket } from "./bucket.ts";
import { currentObject } from "./versions.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { OWNER_ACCOUNT, type State } from "./state.ts";

/** What a `public-read` bucket lets anybody do. */
const PUBLIC_BUCKET_READS: readonly string[] = ["ListObjects", "ListObjectsV2", "HeadBucket"];
/** What a `public-read` object lets anybody do. */
const PUBLIC_OBJECT_READS: readonly string[] = ["GetObject", "HeadObject"];
/** What is decided elsewhere: by a policy in the form, or by the CORS rules. */
const OPEN: readonly string[] = ["PostObject", "Preflight"];

/**
 * Decides about a request.
 *
 * @param operation Amazon's name of what it wants.
 * @throws {OriginError} AccessDenied
 */
export function checkAccess(request: OriginRequest, operation: string, state: State): void {
  const bucket = state.buckets.get(request.bucket);
  const expected = request.headers.get("x-amz-expected-bucket-owner");
  if (expected !== undefined && bucket !== undefined && expected !== OWNER_ACCOUNT) {
    throw new OriginError("AccessDenied");
  }
  if (request.signer === "owner" || OPEN.includes(operation)) return;
  if (!isPublic(request, operation, bucket)) throw new OriginError("AccessDenied");
}

function isPublic(
  request: OriginRequest,
  operation: string,
  bucket: Bucket | undefined,
): boolean {
  if (bucket === undefined) return false;
  if (PUBLIC_BUCKET_READS.includes(operation)) return bucket.acl.startsWith("public-read");
  const object = currentObject(bucket, request.key);
  return PUBLIC_OBJECT_READS.includes(operation) && object?.acl.startsWith("public-read") === true;
}
