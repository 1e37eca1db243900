/**
 * PutObject, and how any object comes into a bucket.
 *
 * @module
 */
import { hash } from "node:crypto";
import { type Answer, type AnswerHeader, emptyAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyText } from "./keys.ts";
import { addVersion, currentObject, nextVersionId } from "./versions.ts";
import { checksumHeader, verifyDigests } from "./checksums.ts";
import { listsTag, preconditionFailed } from "./conditions.ts";
import { OriginError } from "./error.ts";
import { encryptionHeaders, objectTemplate } from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import type { Checksum, ObjectPart, StoredObject } from "./stored_object.ts";
import type { ObjectTemplate } from "./upload.ts";

/** The longest key, in bytes. */
const MAX_KEY = 1024;

/** `PUT /bucket/key` */
export function putObject(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  checkKey(request.key);
  if (request.headers.has("x-amz-write-offset-bytes")) throw new OriginError("NotImplemented");
  const decoded = request.headers.has("x-amz-decoded-content-length");
  const template = objectTemplate(request.key, request.headers, decoded);
  checkLockable(bucket, template);
  const checksum = verifyDigests(request.headers, request.trailers, request.body);
  checkWriteConditions(request, bucket);
  const object = storeObject(state, bucket, template, {
    body: request.body,
    etag: `"${hash("md5", request.body, "hex")}"`,
    checksum,
    parts: undefined,
  });
  return emptyAnswer(200, [
    ...writeHeaders(bucket, object),
    ["ETag", object.etag],
    [checksumHeader(checksum.algorithm), checksum.value],
    ["x-amz-checksum-type", checksum.type],
  ]);
}

/** What an object gets from its bytes. */
export interface ObjectContent {
  /** The bytes. */
  readonly body: Uint8Array;
  /** The entity tag with its quotes. */
  readonly etag: string;
  /** The checksum. */
  readonly checksum: Checksum;
  /** Its parts, `undefined` where it came at once. */
  readonly parts: readonly ObjectPart[] | undefined;
}

/** Puts an object into a bucket as the newest version of its key. */
export function storeObject(
  state: State,
  bucket: Bucket,
  template: ObjectTemplate,
  content: ObjectContent,
): StoredObject {
  const object: StoredObject = {
    ...template,
    ...content,
    kind: "object",
    versionId: nextVersionId(bucket, state),
    lastModified: Math.floor(state.options.now() / 1000),
  };
  addVersion(bucket, object);
  return object;
}

/** The header fields with which every write tells what it wrote. */
export function writeHeaders(bucket: Bucket, object: StoredObject): readonly AnswerHeader[] {
  const headers = [...encryptionHeaders(object.encryption)];
  if (bucket.versioning !== "none") headers.push(["x-amz-version-id", object.versionId]);
  return headers;
}

/** @throws {OriginError} KeyTooLongError */
export function checkKey(key: string): void {
  if (key.length > MAX_KEY) {
    throw new OriginError("KeyTooLongError", {
      details: { Size: String(key.length), MaxSizeAllowed: String(MAX_KEY) },
    });
  }
}

/** @throws {OriginError} InvalidRequest for a lock in a bucket without locks. */
export function checkLockable(bucket: Bucket, template: ObjectTemplate): void {
  const wantsLock = template.legalHold !== undefined || template.retention !== undefined;
  if (wantsLock && !bucket.objectLock) {
    throw new OriginError("InvalidRequest", {
      message: "Bucket is missing Object Lock Configuration",
    });
  }
}

/**
 * Weighs the conditions of a write against the newest version.
 *
 * @throws {OriginError} PreconditionFailed; NoSuchKey for `If-Match` where nothing is;
 * NotImplemented for other conditions than S3's two.
 */
export function checkWriteConditions(request: OriginRequest, bucket: Bucket): void {
  const ifMatch = request.headers.get("if-match");
  const ifNoneMatch = request.headers.get("if-none-match");
  const current = currentObject(bucket, request.key);
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") throw notImplementedHeader("If-None-Match", ifNoneMatch);
    if (current !== undefined) throw preconditionFailed("If-None-Match");
  }
  if (ifMatch !== undefined) {
    if (current === undefined) {
      throw new OriginError("NoSuchKey", { details: { Key: keyText(request.key) } });
    }
    if (!listsTag(ifMatch, current.etag)) throw preconditionFailed("If-Match");
  }
}

function notImplementedHeader(header: string, value: string): OriginError {
  return new OriginError("NotImplemented", {
    details: { Header: header, additionalMessage: `We don't accept the provided value: ${value}` },
  });
}
