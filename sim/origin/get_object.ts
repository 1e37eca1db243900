/**
 * GetObject and HeadObject: one answer, whose body a HEAD goes without.
 *
 * @module
 */
import type { Answer, AnswerHeader } from "./answer.ts";
import { emptyAnswer } from "./answer.ts";
import type { Bucket } from "./bucket.ts";
import { keyOfText } from "./keys.ts";
import { readVersion } from "./versions.ts";
import { checksumHeader } from "./checksums.ts";
import { type Conditions, ifRangeHolds, preconditionFailed, weigh } from "./conditions.ts";
import { OriginError } from "./error.ts";
import {
  checkCustomerKey,
  CONTENT_HEADERS,
  customerKeyDigest,
  encryptionHeaders,
} from "./object_headers.ts";
import type { OriginRequest } from "./origin_request.ts";
import { type Slice, sliceOfRange } from "./ranges.ts";
import { requireBucket, type State } from "./state.ts";
import type { StoredObject } from "./stored_object.ts";

/** `GET /bucket/key` and `HEAD /bucket/key` */
export function getObject(request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const overrides = responseOverrides(request);
  const object = readVersion(bucket, request.key, request.query.get("versionId"));
  checkReadable(request, object);
  const verdict = weigh(conditionsOf(request), object, state.options.now());
  if (verdict.kind === "failed") throw preconditionFailed(verdict.condition);
  if (verdict.kind === "not_modified") return emptyAnswer(304, notModifiedHeaders(bucket, object));
  const slice = sliceOf(request, object);
  const { start, end } = slice ?? { start: 0, end: object.body.length };
  return {
    status: slice === undefined ? 200 : 206,
    headers: [
      ...validators(object),
      ...descriptionHeaders(request, bucket, object, slice),
      ...withOverrides(object, overrides),
      ["Accept-Ranges", "bytes"],
      ...contentRange(slice, object),
      ["Content-Length", String(end - start)],
    ],
    body: object.body.subarray(start, end),
    framing: "length",
  };
}

function checkReadable(request: OriginRequest, object: StoredObject): void {
  const digest = customerKeyDigest(
    request.headers,
    "x-amz-server-side-encryption-customer-",
  );
  checkCustomerKey(object.encryption, digest);
  const archived = object.storageClass === "GLACIER" || object.storageClass === "DEEP_ARCHIVE";
  if (archived && object.restore === undefined && request.method === "GET") {
    throw new OriginError("InvalidObjectState", {
      details: { StorageClass: object.storageClass },
    });
  }
}

function conditionsOf({ headers }: OriginRequest): Conditions {
  return {
    ifMatch: headers.get("if-match"),
    ifNoneMatch: headers.get("if-none-match"),
    ifModifiedSince: headers.get("if-modified-since"),
    ifUnmodifiedSince: headers.get("if-unmodified-since"),
  };
}

/** The slice that a Range or a part number asks for; `undefined` for the whole object. */
function sliceOf(request: OriginRequest, object: StoredObject): Slice | undefined {
  const range = request.headers.get("range");
  const partNumber = request.query.get("partNumber");
  if (partNumber === undefined) {
    if (!ifRangeHolds(request.headers.get("if-range"), object)) return undefined;
    return sliceOfRange(range, object.body.length);
  }
  if (range !== undefined) {
    throw new OriginError("InvalidRequest", {
      message: "Cannot specify both Range header and partNumber query parameter",
    });
  }
  return sliceOfPart(partNumber, object);
}

function sliceOfPart(partNumber: string, object: StoredObject): Slice | undefined {
  const number = /^\d+$/.test(partNumber) ? Number(partNumber) : 0;
  if (number < 1 || number > 10000) {
    throw new OriginError("InvalidArgument", {
      message: "Part number must be an integer between 1 and 10000, inclusive",
      details: { ArgumentName: "partNumber", ArgumentValue: partNumber },
    });
  }
  const parts = object.parts ?? [{ partNumber: 1, start: 0, size: object.body.length }];
  const part = parts[number - 1];
  if (part === undefined) {
    throw new OriginError("InvalidPartNumber", {
      details: { ActualPartCount: String(parts.length), PartNumberRequested: partNumber },
    });
  }
  return part.size === 0 ? undefined : { start: part.start, end: part.start + part.size };
}

function validators(object: StoredObject): readonly AnswerHeader[] {
  return [
    ["Last-Modified", new Date(object.lastModified * 1000).toUTCString()],
    ["ETag", object.etag],
  ];
}

function notModifiedHeaders(bucket: Bucket, object: StoredObject): readonly AnswerHeader[] {
  const kept = ["Cache-Control", "Expires"];
  const headers: AnswerHeader[] = [...validators(object)];
  headers.push(...object.contentHeaders.filter(([name]) => kept.includes(name)));
  if (bucket.versioning !== "none") headers.push(["x-amz-version-id", object.versionId]);
  return headers;
}

/** Everything that describes the object beside its content headers. */
function descriptionHeaders(
  request: OriginRequest,
  bucket: Bucket,
  object: StoredObject,
  slice: Slice | undefined,
): readonly AnswerHeader[] {
  const headers: AnswerHeader[] = [...encryptionHeaders(object.encryption)];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) headers.push([name, value]);
  };
  if (bucket.versioning !== "none") add("x-amz-version-id", object.versionId);
  headers.push(...object.metadata);
  if (object.storageClass !== "STANDARD") add("x-amz-storage-class", object.storageClass);
  if (object.tags.length > 0) add("x-amz-tagging-count", String(object.tags.length));
  if (object.parts !== undefined && request.query.has("partNumber")) {
    add("x-amz-mp-parts-count", String(object.parts.length));
  }
  add("x-amz-website-redirect-location", object.websiteRedirect);
  add("x-amz-object-lock-mode", object.retention?.mode);
  add("x-amz-object-lock-retain-until-date", object.retention?.retainUntil);
  add("x-amz-object-lock-legal-hold", object.legalHold);
  add("x-amz-restore", object.restore);
  const wanted = request.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
  if (wanted && slice === undefined) {
    add(checksumHeader(object.checksum.algorithm), object.checksum.value);
    add("x-amz-checksum-type", object.checksum.type);
  }
  return headers;
}

function contentRange(slice: Slice | undefined, object: StoredObject): readonly AnswerHeader[] {
  if (slice === undefined) return [];
  return [["Content-Range", `bytes ${slice.start}-${slice.end - 1}/${object.body.length}`]];
}

/**
 * The content headers that the query sets, by name.
 *
 * @throws {OriginError} InvalidRequest without a signature.
 */
function responseOverrides(request: OriginRequest): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>();
  for (const name of CONTENT_HEADERS) {
    const value = request.query.get(`response-${name.toLowerCase()}`);
    if (value !== undefined) overrides.set(name, fieldValue(name, value));
  }
  if (overrides.size > 0 && request.signer === "anonymous") {
    throw new OriginError("InvalidRequest", {
      message: "Request specific response headers cannot be used for anonymous GET requests.",
    });
  }
  return overrides;
}

/** A value as it stands in a header field: UTF-8 bytes, none of them a control. */
function fieldValue(name: string, text: string): string {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(text)) {
    throw new OriginError("InvalidArgument", {
      details: { ArgumentName: `response-${name.toLowerCase()}`, ArgumentValue: text },
    });
  }
  return keyOfText(text);
}

function withOverrides(
  object: StoredObject,
  overrides: ReadonlyMap<string, string>,
): readonly AnswerHeader[] {
  return CONTENT_HEADERS.flatMap((name): AnswerHeader[] => {
    const stored = object.contentHeaders.find(([candidate]) => candidate === name)?.[1];
    const value = overrides.get(name) ?? stored;
    return value === undefined ? [] : [[name, value]];
  });
}
