/**
 * CreateMultipartUpload, UploadPart, UploadPartCopy and AbortMultipartUpload.
 *
 * @module
 */
import { hash } from "node:crypto";
import { type Answer, type AnswerHeader, emptyAnswer, xmlAnswer } from "./answer.ts";
import { keyText } from "./keys.ts";
import {
  checksumAlgorithm,
  checksumElement,
  checksumHeader,
  checksumOf,
  verifyDigests,
} from "./checksums.ts";
import { copySource, sourceHeaders } from "./copy_object.ts";
import { OriginError } from "./error.ts";
import {
  checkCustomerKey,
  customerKeyDigest,
  encryptionHeaders,
  objectTemplate,
} from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import { checkKey, checkLockable } from "./put_object.ts";
import { sliceOfCopySource } from "./ranges.ts";
import { requireBucket, type State } from "./state.ts";
import type { Checksum, ChecksumAlgorithm } from "./stored_object.ts";
import type { Upload, UploadedPart } from "./upload.ts";

const MAX_PART_NUMBER = 10000;

/** `POST /bucket/key?uploads` */
export function createMultipartUpload(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  checkKey(request.key);
  const template = objectTemplate(request.key, request.headers, false);
  checkLockable(bucket, template);
  const named = request.headers.get("x-amz-checksum-algorithm");
  const algorithm = named === undefined ? undefined : checksumAlgorithm(named);
  const checksumType = checksumTypeOf(request.headers.get("x-amz-checksum-type"), algorithm);
  const upload: Upload = {
    uploadId: state.nextId(64),
    template,
    initiated: state.options.now(),
    algorithm,
    checksumType,
    parts: new Map(),
  };
  bucket.uploads.set(upload.uploadId, upload);
  const headers: AnswerHeader[] = [...encryptionHeaders(template.encryption)];
  if (algorithm !== undefined) {
    headers.push(["x-amz-checksum-algorithm", algorithm], ["x-amz-checksum-type", checksumType]);
  }
  return xmlAnswer("InitiateMultipartUploadResult", [
    ["Bucket", bucket.name],
    ["Key", keyText(request.key)],
    ["UploadId", upload.uploadId],
  ], headers);
}

function checksumTypeOf(
  named: string | undefined,
  algorithm: ChecksumAlgorithm | undefined,
): "FULL_OBJECT" | "COMPOSITE" {
  const fallback = algorithm === undefined || algorithm === "CRC64NVME"
    ? "FULL_OBJECT"
    : "COMPOSITE";
  const type = named ?? fallback;
  const wrong = type === "COMPOSITE"
    ? algorithm === undefined || algorithm === "CRC64NVME"
    : algorithm === "SHA1" || algorithm === "SHA256";
  if ((type !== "COMPOSITE" && type !== "FULL_OBJECT") || wrong) {
    throw new OriginError("InvalidRequest", {
      message: `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    });
  }
  return type;
}

/** `PUT /bucket/key?partNumber&uploadId` */
export function uploadPart(request: OriginRequest, state: State): Answer {
  const upload = requireUpload(request, state);
  const partNumber = partNumberOf(request);
  checkCustomerKey(
    upload.template.encryption,
    customerKeyDigest(request.headers, "x-amz-server-side-encryption-customer-"),
  );
  const checksum = verifyDigests(
    request.headers,
    request.trailers,
    request.body,
    upload.algorithm,
  );
  checkPartAlgorithm(request, upload, checksum);
  const part = storePart(state, upload, partNumber, request.body, checksum);
  return emptyAnswer(200, [
    ...encryptionHeaders(upload.template.encryption),
    ["ETag", part.etag],
    [checksumHeader(checksum.algorithm), checksum.value],
  ]);
}

/** A part's checksum must be of the upload's kind, and there where it is composed from them. */
function checkPartAlgorithm(request: OriginRequest, upload: Upload, checksum: Checksum): void {
  if (upload.algorithm === undefined) return;
  const header = checksumHeader(upload.algorithm);
  const given = request.headers.has(header) || request.trailers.some(([name]) => name === header);
  const missing = upload.checksumType === "COMPOSITE" && !given;
  if (checksum.algorithm === upload.algorithm && !missing) return;
  const actual = missing ? "null" : checksum.algorithm.toLowerCase();
  throw new OriginError("InvalidRequest", {
    message: `Checksum Type mismatch occurred, expected checksum Type: ` +
      `${upload.algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  });
}

/** `PUT /bucket/key?partNumber&uploadId` with `x-amz-copy-source` */
export function uploadPartCopy(request: OriginRequest, state: State): Answer {
  const upload = requireUpload(request, state);
  const partNumber = partNumberOf(request);
  const source = copySource(request, state);
  const range = request.headers.get("x-amz-copy-source-range");
  const whole = source.object.body;
  const slice = range === undefined
    ? { start: 0, end: whole.length }
    : sliceOfCopySource(range, whole.length);
  const body = whole.subarray(slice.start, slice.end);
  const algorithm = upload.algorithm ?? "CRC64NVME";
  const value = checksumOf(algorithm, body);
  const checksum: Checksum = { algorithm, value, type: "FULL_OBJECT" };
  const part = storePart(state, upload, partNumber, body, checksum);
  return xmlAnswer("CopyPartResult", [
    ["LastModified", new Date(part.lastModified * 1000).toISOString()],
    ["ETag", part.etag],
    [checksumElement(algorithm), value],
  ], [...encryptionHeaders(upload.template.encryption), ...sourceHeaders(source)]);
}

/** `DELETE /bucket/key?uploadId` */
export function abortMultipartUpload(request: OriginRequest, state: State): Answer {
  const upload = requireUpload(request, state);
  requireBucket(state, request.bucket).uploads.delete(upload.uploadId);
  return emptyAnswer(204);
}

/**
 * The upload that a request means.
 *
 * @throws {OriginError} NoSuchBucket, NoSuchUpload
 */
export function requireUpload(request: OriginRequest, state: State): Upload {
  const uploadId = request.query.get("uploadId") ?? "";
  const upload = requireBucket(state, request.bucket).uploads.get(uploadId);
  if (upload === undefined || upload.template.key !== request.key) {
    throw new OriginError("NoSuchUpload", { details: { UploadId: uploadId } });
  }
  return upload;
}

function partNumberOf(request: OriginRequest): number {
  const given = request.query.get("partNumber") ?? "";
  const number = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (number < 1 || number > MAX_PART_NUMBER) {
    throw new OriginError("InvalidArgument", {
      message: `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      details: { ArgumentName: "partNumber", ArgumentValue: given },
    });
  }
  return number;
}

function storePart(
  state: State,
  upload: Upload,
  partNumber: number,
  body: Uint8Array,
  checksum: Checksum,
): UploadedPart {
  const part: UploadedPart = {
    etag: `"${hash("md5", body, "hex")}"`,
    body,
    lastModified: Math.floor(state.options.now() / 1000),
    checksum,
  };
  upload.parts.set(partNumber, part);
  return part;
}
