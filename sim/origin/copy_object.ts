/**
 * CopyObject, and what it shares with UploadPartCopy.
 *
 * @module
 */
import { hash } from "node:crypto";
import { canonicalPath, type HeaderList, Query, S3Error } from "@s3-edge-cache/s3";
import { type Answer, type AnswerHeader, xmlAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyBytes } from "./keys.ts";
import { readVersion } from "./versions.ts";
import { checksumAlgorithm, checksumElement, checksumOf } from "./checksums.ts";
import { preconditionFailed, weigh } from "./conditions.ts";
import { OriginError } from "./error.ts";
import { checkCustomerKey, customerKeyDigest, objectTemplate } from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import {
  checkKey,
  checkLockable,
  checkWriteConditions,
  storeObject,
  writeHeaders,
} from "./put_object.ts";
import { requireBucket, type State } from "./state.ts";
import type { StoredObject } from "./stored_object.ts";
import type { ObjectTemplate } from "./upload.ts";
import type { XmlPart } from "./xml.ts";

/** Fields that make a copy of an object onto itself a change. */
const CHANGING_FIELDS: readonly string[] = [
  "x-amz-storage-class",
  "x-amz-website-redirect-location",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-customer-algorithm",
];

/** `PUT /bucket/key` with `x-amz-copy-source` */
export function copyObject(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  checkKey(request.key);
  if (request.body.length > 0) {
    throw new OriginError("InvalidRequest", {
      message: "A request body is not allowed with x-amz-copy-source.",
    });
  }
  const source = copySource(request, state);
  checkChange(request, bucket, source);
  checkWriteConditions(request, bucket);
  const template = copyTemplate(request, source.object);
  checkLockable(bucket, template);
  const { body } = source.object;
  const wanted = request.headers.get("x-amz-checksum-algorithm");
  const algorithm = wanted === undefined
    ? source.object.checksum.algorithm
    : checksumAlgorithm(wanted);
  const object = storeObject(state, bucket, template, {
    body,
    etag: `"${hash("md5", body, "hex")}"`,
    checksum: { algorithm, value: checksumOf(algorithm, body), type: "FULL_OBJECT" },
    parts: undefined,
  });
  return xmlAnswer("CopyObjectResult", copyResult(object), [
    ...writeHeaders(bucket, object),
    ...sourceHeaders(source),
  ]);
}

/** What a copy reads. */
export interface CopySource {
  /** Its bucket. */
  readonly bucket: Bucket;
  /** The version that is read. */
  readonly object: StoredObject;
  /** Whether a version was named. */
  readonly versioned: boolean;
}

/**
 * The source of a copy, its conditions weighed.
 *
 * @throws {OriginError} InvalidArgument for a source that is none, NoSuchBucket, NoSuchKey,
 * NoSuchVersion, InvalidRequest for a delete marker, PreconditionFailed.
 */
export function copySource(request: OriginRequest, state: State): CopySource {
  const header = request.headers.get("x-amz-copy-source")!;
  const { bucketName, key, versionId } = parseCopySource(header, state.options.plusInPath);
  const bucket = requireBucket(state, bucketName);
  const object = readSource(bucket, key, versionId);
  const digest = customerKeyDigest(
    request.headers,
    "x-amz-copy-source-server-side-encryption-customer-",
  );
  checkCustomerKey(object.encryption, digest);
  checkSourceConditions(request.headers, object, state.options.now());
  return { bucket, object, versioned: versionId !== undefined };
}

function readSource(bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  try {
    return readVersion(bucket, key, versionId);
  } catch (error) {
    if (error instanceof OriginError && error.code === "MethodNotAllowed") {
      throw new OriginError("InvalidRequest", {
        message: "The source of a copy request may not specifically refer to a delete marker " +
          "by version id.",
      });
    }
    throw error;
  }
}

function parseCopySource(header: string, plus: "space" | "plus") {
  const [path, ...query] = header.split("?");
  const read = plus === "space" ? path!.replaceAll("+", "%20") : path!;
  try {
    const match = /^\/?([^/]+)\/(.+)$/s.exec(canonicalPath(read));
    if (match === null) throw new S3Error("InvalidArgument");
    const versionId = new Query(query.join("?")).get("versionId");
    return { bucketName: match[1]!, key: keyBytes(match[2]!), versionId };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    throw new OriginError("InvalidArgument", {
      message: "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      details: { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
    });
  }
}

function checkSourceConditions(headers: HeaderList, object: StoredObject, now: number): void {
  const prefix = "x-amz-copy-source-";
  const verdict = weigh(
    {
      ifMatch: headers.get(`${prefix}if-match`),
      ifNoneMatch: headers.get(`${prefix}if-none-match`),
      ifModifiedSince: headers.get(`${prefix}if-modified-since`),
      ifUnmodifiedSince: headers.get(`${prefix}if-unmodified-since`),
    },
    object,
    now,
  );
  if (verdict.kind === "failed") throw preconditionFailed(prefix + verdict.condition);
  if (verdict.kind === "not_modified") {
    const tagged = headers.has(`${prefix}if-none-match`);
    throw preconditionFailed(prefix + (tagged ? "If-None-Match" : "If-Modified-Since"));
  }
}

function checkChange(request: OriginRequest, bucket: Bucket, source: CopySource): void {
  const same = source.bucket === bucket && source.object.key === request.key && !source.versioned;
  if (!same || replaces(request, "x-amz-metadata-directive")) return;
  if (CHANGING_FIELDS.some((name) => request.headers.has(name))) return;
  throw new OriginError("InvalidRequest", {
    message: "This copy request is illegal because it is trying to copy an object to itself " +
      "without changing the object's metadata, storage class, website redirect location or " +
      "encryption attributes.",
  });
}

/** Whether a directive says REPLACE. */
function replaces({ headers }: OriginRequest, directive: string): boolean {
  const value = headers.get(directive) ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE") {
    throw new OriginError("InvalidArgument", {
      message: "Unknown metadata directive.",
      details: { ArgumentName: directive, ArgumentValue: value },
    });
  }
  return value === "REPLACE";
}

function copyTemplate(request: OriginRequest, source: StoredObject): ObjectTemplate {
  const fresh = objectTemplate(request.key, request.headers, false);
  const described = replaces(request, "x-amz-metadata-directive") ? fresh : source;
  const tagged = replaces(request, "x-amz-tagging-directive") ? fresh : source;
  return {
    ...fresh,
    contentHeaders: described.contentHeaders,
    metadata: described.metadata,
    tags: tagged.tags,
  };
}

function copyResult(object: StoredObject): readonly XmlPart[] {
  return [
    ["LastModified", new Date(object.lastModified * 1000).toISOString()],
    ["ETag", object.etag],
    ["ChecksumType", object.checksum.type],
    [checksumElement(object.checksum.algorithm), object.checksum.value],
  ];
}

/** The header fields that tell which version was read. */
export function sourceHeaders(source: CopySource): readonly AnswerHeader[] {
  if (source.bucket.versioning === "none") return [];
  return [["x-amz-copy-source-version-id", source.object.versionId]];
}
