/**
 * Access control lists of buckets and objects.
 *
 * @module
 */
import { type Answer, documentAnswer, emptyAnswer } from "./answer.ts";
import { readVersion } from "./versions.ts";
import { cannedAcl, cannedGrants } from "./canned_acl.ts";
import { verifyDigests } from "./checksums.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { OWNER_ID, requireBucket, type State } from "./state.ts";
import { child, element, readXml } from "./xml.ts";

/** Whatever has an access control list: the bucket, or the version of a key. */
function holder(request: OriginRequest, state: State): { acl: string } {
  const bucket = requireBucket(state, request.bucket);
  if (request.key === "") return bucket;
  return readVersion(bucket, request.key, request.query.get("versionId"));
}

/** `GET /bucket?acl` and `GET /bucket/key?acl` */
export function getAcl(request: OriginRequest, state: State): Answer {
  const { acl } = holder(request, state);
  return documentAnswer(200, acl.startsWith("<") ? acl : cannedDocument(acl));
}

/** `PUT /bucket?acl` and `PUT /bucket/key?acl` */
export function putAcl(request: OriginRequest, state: State): Answer {
  const held = holder(request, state);
  verifyDigests(request.headers, request.trailers, request.body);
  if (request.headers.has("x-amz-acl")) {
    held.acl = cannedAcl(request.headers);
    return emptyAnswer(200);
  }
  if (request.headers.pairs.some(([name]) => name.startsWith("x-amz-grant-"))) {
    held.acl = cannedDocument("private");
    return emptyAnswer(200);
  }
  if (request.body.length === 0) throw new OriginError("MissingSecurityHeader");
  const root = readXml(request.body, "AccessControlPolicy");
  if (child(root, "AccessControlList") === undefined) throw new OriginError("MalformedACLError");
  held.acl = new TextDecoder().decode(request.body).replace(/^\s*<\?xml[^>]*\?>\s*/, "");
  return emptyAnswer(200);
}

function cannedDocument(acl: string): string {
  const schema = { "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance" };
  const owner = [["ID", OWNER_ID]] as const;
  const grantee = element("Grantee", owner, { ...schema, "xsi:type": "CanonicalUser" });
  const grants = [element("Grant", [grantee, ["Permission", "FULL_CONTROL"]])];
  for (const [group, permission] of cannedGrants(acl)) {
    const members = element("Grantee", [["URI", group]], { ...schema, "xsi:type": "Group" });
    grants.push(element("Grant", [members, ["Permission", permission]]));
  }
  return element("AccessControlPolicy", [
    element("Owner", owner),
    element("AccessControlList", grants),
  ], { xmlns: "http://s3.amazonaws.com/doc/2006-03-01/" });
}
