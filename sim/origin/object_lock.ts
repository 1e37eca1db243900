/**
 * Object Lock: legal holds, retention, and the bucket's own setting.
 *
 * @module
 */
import { type Answer, type AnswerHeader, emptyAnswer, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { requireDigest, verifyDigests } from "./checksums.ts";
import { OriginError } from "./error.ts";
import { subject } from "./object_settings.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import { childText, readXml } from "./xml.ts";

/** `GET /bucket/key?legal-hold` */
export function getObjectLegalHold(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  requireLocks(bucket);
  if (object.legalHold === undefined) throw new OriginError("NoSuchObjectLockConfiguration");
  return xmlAnswer("LegalHold", [["Status", object.legalHold]]);
}

/** `PUT /bucket/key?legal-hold` */
export function putObjectLegalHold(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  requireLocks(bucket);
  requireDigest(request.headers, request.trailers);
  verifyDigests(request.headers, request.trailers, request.body);
  const status = childText(readXml(request.body, "LegalHold"), "Status");
  if (status !== "ON" && status !== "OFF") throw new OriginError("MalformedXML");
  object.legalHold = status;
  return emptyAnswer(200);
}

/** `GET /bucket/key?retention` */
export function getObjectRetention(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  requireLocks(bucket);
  if (object.retention === undefined) throw new OriginError("NoSuchObjectLockConfiguration");
  return xmlAnswer("Retention", [
    ["Mode", object.retention.mode],
    ["RetainUntilDate", object.retention.retainUntil],
  ]);
}

/** `PUT /bucket/key?retention` */
export function putObjectRetention(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  requireLocks(bucket);
  requireDigest(request.headers, request.trailers);
  verifyDigests(request.headers, request.trailers, request.body);
  const root = readXml(request.body, "Retention");
  const mode = childText(root, "Mode");
  const retainUntil = childText(root, "RetainUntilDate");
  if (mode === undefined || retainUntil === undefined) {
    object.retention = undefined;
    return emptyAnswer(200);
  }
  if (!["GOVERNANCE", "COMPLIANCE"].includes(mode) || Number.isNaN(Date.parse(retainUntil))) {
    throw new OriginError("MalformedXML");
  }
  object.retention = { mode, retainUntil };
  return emptyAnswer(200);
}

function requireLocks(bucket: Bucket): void {
  if (bucket.objectLock) return;
  throw new OriginError("InvalidRequest", {
    message: "Bucket is missing Object Lock Configuration",
  });
}

/** `GET /bucket?object-lock` */
export function getObjectLockConfiguration(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  if (!bucket.objectLock) {
    throw new OriginError("ObjectLockConfigurationNotFoundError", {
      details: { BucketName: bucket.name },
    });
  }
  const stored = bucket.documents.get("object-lock");
  if (stored === undefined) {
    return xmlAnswer("ObjectLockConfiguration", [["ObjectLockEnabled", "Enabled"]]);
  }
  const headers: readonly AnswerHeader[] = [["Content-Type", "application/xml"]];
  return { status: 200, headers, body: stored, framing: "chunked" };
}

/** `PUT /bucket?object-lock` */
export function putObjectLockConfiguration(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  requireDigest(request.headers, request.trailers);
  verifyDigests(request.headers, request.trailers, request.body);
  readXml(request.body, "ObjectLockConfiguration");
  if (bucket.versioning !== "Enabled") {
    throw new OriginError("InvalidBucketState", {
      message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    });
  }
  bucket.objectLock = true;
  bucket.documents.set("object-lock", request.body);
  return emptyAnswer(200);
}
