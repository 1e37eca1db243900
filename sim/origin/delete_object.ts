/**
 * DeleteObject and DeleteObjects.
 *
 * @module
 */
import { type Answer, type AnswerHeader, emptyAnswer, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyOfText } from "./keys.ts";
import { currentObject, deleteVersion, type Deletion } from "./versions.ts";
import { requireDigest, verifyDigests } from "./checksums.ts";
import { listsTag, preconditionFailed } from "./conditions.ts";
import { OriginError } from "./error.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import { children, childText, element, readXml, type XmlElement, type XmlPart } from "./xml.ts";

/** Most keys in one DeleteObjects. */
const MAX_KEYS = 1000;

/** `DELETE /bucket/key` */
export function deleteObject(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const versionId = request.query.get("versionId");
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== undefined) checkIfMatch(bucket, request.key, ifMatch);
  const deletion = deleteVersion(state, bucket, request.key, versionId, bypasses(request));
  return emptyAnswer(204, deletionHeaders(deletion));
}

function bypasses(request: OriginRequest): boolean {
  return request.headers.get("x-amz-bypass-governance-retention")?.toLowerCase() === "true";
}

function checkIfMatch(bucket: Bucket, key: string, ifMatch: string): void {
  const current = currentObject(bucket, key);
  if (current === undefined || !listsTag(ifMatch, current.etag)) {
    throw preconditionFailed("If-Match");
  }
}

function deletionHeaders(deletion: Deletion): readonly AnswerHeader[] {
  const headers: AnswerHeader[] = [];
  if (deletion.marker) headers.push(["x-amz-delete-marker", "true"]);
  if (deletion.versionId !== undefined) headers.push(["x-amz-version-id", deletion.versionId]);
  return headers;
}

/** `POST /bucket?delete` */
export function deleteObjects(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  requireDigest(request.headers, request.trailers);
  verifyDigests(request.headers, request.trailers, request.body);
  const root = readXml(request.body, "Delete");
  const objects = children(root, "Object");
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new OriginError("MalformedXML");
  const quiet = childText(root, "Quiet") === "true";
  const parts: XmlPart[] = [];
  for (const object of objects) {
    const result = deleteOne(request, state, bucket, object);
    if (!quiet || result.startsWith("<Error>")) parts.push(result);
  }
  return xmlAnswer("DeleteResult", parts);
}

/** What one key of DeleteObjects comes to, as an element. */
function deleteOne(
  request: OriginRequest,
  state: State,
  bucket: Bucket,
  object: XmlElement,
): string {
  const key = childText(object, "Key");
  if (key === undefined || key === "") throw new OriginError("MalformedXML");
  const versionId = childText(object, "VersionId");
  const named: XmlPart[] = [["Key", key]];
  if (versionId !== undefined) named.push(["VersionId", versionId]);
  try {
    const ifMatch = childText(object, "ETag");
    if (ifMatch !== undefined) checkIfMatch(bucket, keyOfText(key), ifMatch);
    const deletion = deleteVersion(state, bucket, keyOfText(key), versionId, bypasses(request));
    if (deletion.marker) {
      named.push(["DeleteMarker", "true"]);
      named.push(["DeleteMarkerVersionId", deletion.versionId ?? "null"]);
    }
    return element("Deleted", named);
  } catch (error) {
    if (!(error instanceof OriginError)) throw error;
    return element("Error", [...named, ["Code", error.code], ["Message", error.message]]);
  }
}
