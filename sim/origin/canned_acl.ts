/**
 * The access control lists that have a name.
 *
 * @module
 */
import type { HeaderList } from "@s3-edge-cache/s3";
import { OriginError } from "./error.ts";

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

/** What each canned list grants beside the owner's full control. */
const CANNED: Readonly<Record<string, readonly (readonly [group: string, permission: string])[]>> =
  {
    "private": [],
    "public-read": [[ALL_USERS, "READ"]],
    "public-read-write": [[ALL_USERS, "READ"], [ALL_USERS, "WRITE"]],
    "authenticated-read": [[AUTHENTICATED_USERS, "READ"]],
    "aws-exec-read": [],
    "bucket-owner-read": [],
    "bucket-owner-full-control": [],
  };

/**
 * The canned list that a request names, `private` if it names none.
 *
 * @throws {OriginError} InvalidArgument for a name that S3 does not know.
 */
export function cannedAcl(headers: HeaderList): string {
  const acl = headers.get("x-amz-acl") ?? "private";
  if (Object.hasOwn(CANNED, acl)) return acl;
  throw new OriginError("InvalidArgument", {
    details: { ArgumentName: "x-amz-acl", ArgumentValue: acl },
  });
}

/** What a canned list grants to groups beside the owner's full control. */
export function cannedGrants(
  acl: string,
): readonly (readonly [group: string, permission: string])[] {
  return CANNED[acl] ?? [];
}
