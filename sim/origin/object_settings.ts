/**
 * What can be changed about an object that is stored: tags and restoring.
 *
 * @module
 */
import { type Answer, type AnswerHeader, emptyAnswer, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { readVersion } from "./versions.ts";
import { verifyDigests } from "./checksums.ts";
import { OriginError } from "./error.ts";
import { checkTags } from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import type { StoredObject } from "./stored_object.ts";
import { child, children, childText, element, readXml } from "./xml.ts";

/** The version that a request means, and its bucket. */
export function subject(
  request: OriginRequest,
  state: State,
): { readonly bucket: Bucket; readonly object: StoredObject } {
  const bucket = requireBucket(state, request.bucket);
  return { bucket, object: readVersion(bucket, request.key, request.query.get("versionId")) };
}

function versionHeader(bucket: Bucket, object: StoredObject): readonly AnswerHeader[] {
  return bucket.versioning === "none" ? [] : [["x-amz-version-id", object.versionId]];
}

/** `GET /bucket/key?tagging` */
export function getObjectTagging(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  const tags = object.tags.map(([key, value]) => element("Tag", [["Key", key], ["Value", value]]));
  return xmlAnswer("Tagging", [element("TagSet", tags)], versionHeader(bucket, object));
}

/** `PUT /bucket/key?tagging` */
export function putObjectTagging(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  verifyDigests(request.headers, request.trailers, request.body);
  const set = child(readXml(request.body, "Tagging"), "TagSet");
  if (set === undefined) throw new OriginError("MalformedXML");
  const tags = children(set, "Tag").map((tag) => {
    const key = childText(tag, "Key");
    const value = childText(tag, "Value");
    if (key === undefined || value === undefined) throw new OriginError("MalformedXML");
    return [key, value] as const;
  });
  checkTags(tags);
  object.tags = tags;
  return emptyAnswer(200, versionHeader(bucket, object));
}

/** `DELETE /bucket/key?tagging` */
export function deleteObjectTagging(request: OriginRequest, state: State): Answer {
  const { bucket, object } = subject(request, state);
  object.tags = [];
  return emptyAnswer(204, versionHeader(bucket, object));
}

/** `POST /bucket/key?restore` */
export function restoreObject(request: OriginRequest, state: State): Answer {
  const { object } = subject(request, state);
  const days = Number(childText(readXml(request.body, "RestoreRequest"), "Days"));
  if (!Number.isInteger(days) || days < 1) throw new OriginError("MalformedXML");
  if (object.storageClass !== "GLACIER" && object.storageClass !== "DEEP_ARCHIVE") {
    throw new OriginError("InvalidObjectState", {
      message: "Restore is not allowed for the object's current storage class",
    });
  }
  const status = object.restore === undefined ? 202 : 200;
  const expiry = new Date(state.options.now() + days * 86_400_000).toUTCString();
  object.restore = `ongoing-request="false", expiry-date="${expiry}"`;
  return emptyAnswer(status);
}
