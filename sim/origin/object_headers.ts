/**
 * From a request's header fields to what is stored with an object, and back.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { HeaderList, HeaderPair } from "@s3-edge-cache/s3";
import type { AnswerHeader } from "./answer.ts";
import { cannedAcl } from "./canned_acl.ts";
import { OriginError } from "./error.ts";
import type { Encryption, Retention } from "./stored_object.ts";
import type { ObjectTemplate } from "./upload.ts";

/** Header fields that are stored with an object and come back with it, as S3 spells them. */
export const CONTENT_HEADERS: readonly string[] = [
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Expires",
  "Content-Type",
];

const STORAGE_CLASSES: readonly string[] = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
];

/** Most bytes of user metadata, names without their prefix and values together. */
const MAX_METADATA = 2048;

/**
 * All that a new object takes from the request beside its bytes.
 *
 * @param key The object's key.
 * @param headers The header fields of PutObject, CreateMultipartUpload or CopyObject.
 * @param decoded Whether `aws-chunked` framing was taken out of the body: the word then leaves
 * Content-Encoding too.
 * @throws {OriginError} MetadataTooLarge, InvalidStorageClass, InvalidArgument, InvalidTag
 */
export function objectTemplate(
  key: string,
  headers: HeaderList,
  decoded: boolean,
): ObjectTemplate {
  const storageClass = headers.get("x-amz-storage-class") ?? "STANDARD";
  if (!STORAGE_CLASSES.includes(storageClass)) {
    throw new OriginError("InvalidStorageClass", {
      details: { StorageClassRequested: storageClass },
    });
  }
  return {
    key,
    contentHeaders: contentHeaders(headers, decoded),
    metadata: userMetadata(headers),
    storageClass,
    encryption: encryptionOf(headers),
    websiteRedirect: headers.get("x-amz-website-redirect-location"),
    tags: parseTagging(headers.get("x-amz-tagging")),
    acl: cannedAcl(headers),
    legalHold: headers.get("x-amz-object-lock-legal-hold"),
    retention: retentionOf(headers),
    restore: undefined,
  };
}

function contentHeaders(headers: HeaderList, decoded: boolean): readonly HeaderPair[] {
  return CONTENT_HEADERS.flatMap((name): HeaderPair[] => {
    let value = headers.get(name.toLowerCase());
    if (name === "Content-Encoding" && decoded) value = withoutAwsChunked(value);
    if (name === "Content-Type") value ??= "binary/octet-stream";
    return value === undefined ? [] : [[name, value]];
  });
}

function withoutAwsChunked(value: string | undefined): string | undefined {
  const kept = value?.split(",").filter((coding) => coding.trim() !== "aws-chunked").join(",");
  return kept === "" ? undefined : kept?.trim();
}

function userMetadata(headers: HeaderList): readonly HeaderPair[] {
  const names = new Set(
    headers.pairs.map(([name]) => name).filter((name) => name.startsWith("x-amz-meta-")),
  );
  const metadata = [...names].map((name): HeaderPair => [name, headers.get(name)!]);
  const size = metadata.reduce(
    (sum, [name, value]) => sum + name.length - "x-amz-meta-".length + value.length,
    0,
  );
  if (size > MAX_METADATA) {
    throw new OriginError("MetadataTooLarge", {
      details: { Size: String(size), MaxSizeAllowed: String(MAX_METADATA) },
    });
  }
  return metadata;
}

/**
 * The tags of an `x-amz-tagging` field or a copy of its form.
 *
 * @throws {OriginError} InvalidTag for more than ten, one twice, or one too long.
 */
export function parseTagging(header: string | undefined): readonly (readonly [string, string])[] {
  const tags = [...new URLSearchParams(header ?? "")];
  checkTags(tags);
  return tags;
}

/** @throws {OriginError} InvalidTag, BadRequest as S3 limits the tags of an object. */
export function checkTags(tags: readonly (readonly [string, string])[], most = 10): void {
  if (tags.length > most) {
    throw new OriginError("BadRequest", { message: `Object tags cannot be greater than ${most}` });
  }
  if (new Set(tags.map(([key]) => key)).size < tags.length) {
    throw new OriginError("InvalidTag", {
      message: "Cannot provide multiple Tags with the same key",
    });
  }
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) {
      throw new OriginError("InvalidTag", { message: "The TagKey you have provided is invalid" });
    }
    if (value.length > 256) {
      throw new OriginError("InvalidTag", {
        message: "The TagValue you have provided is invalid",
      });
    }
  }
}

function retentionOf(headers: HeaderList): Retention | undefined {
  const mode = headers.get("x-amz-object-lock-mode");
  const retainUntil = headers.get("x-amz-object-lock-retain-until-date");
  if (mode === undefined && retainUntil === undefined) return undefined;
  if (mode === undefined || retainUntil === undefined) {
    throw new OriginError("InvalidArgument", {
      message: "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be " +
        "supplied",
    });
  }
  return { mode, retainUntil };
}

/**
 * How a request wants its object encrypted.
 *
 * @throws {OriginError} InvalidArgument for a customer key whose digest is wrong or missing.
 */
export function encryptionOf(headers: HeaderList): Encryption {
  const customerKeyMd5 = customerKeyDigest(headers, "x-amz-server-side-encryption-customer-");
  if (customerKeyMd5 !== undefined) {
    return { algorithm: "SSE-C", kmsKeyId: undefined, customerKeyMd5 };
  }
  const algorithm = headers.get("x-amz-server-side-encryption") ?? "AES256";
  if (algorithm !== "AES256" && algorithm !== "aws:kms") {
    throw new OriginError("InvalidArgument", {
      message: "The encryption method specified is not supported",
      details: { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: algorithm },
    });
  }
  const kmsKeyId = algorithm === "aws:kms"
    ? headers.get("x-amz-server-side-encryption-aws-kms-key-id") ?? "arn:aws:kms:key/default"
    : undefined;
  return { algorithm, kmsKeyId, customerKeyMd5: undefined };
}

/**
 * The digest of the key that came with a request.
 *
 * @param prefix What the names of the three fields begin with.
 * @throws {OriginError} InvalidArgument where the three fields do not fit together.
 */
export function customerKeyDigest(headers: HeaderList, prefix: string): string | undefined {
  const algorithm = headers.get(`${prefix}algorithm`);
  const key = headers.get(`${prefix}key`);
  const digest = headers.get(`${prefix}key-md5`);
  if (algorithm === undefined && key === undefined && digest === undefined) return undefined;
  const bytes = Buffer.from(key ?? "", "base64");
  if (algorithm !== "AES256" || bytes.length !== 32) {
    throw new OriginError("InvalidArgument", {
      message: "The secret key was invalid for the specified algorithm.",
    });
  }
  if (digest !== hash("md5", bytes, "base64")) {
    throw new OriginError("InvalidArgument", {
      message: "The calculated MD5 hash of the key did not match the hash that was provided.",
    });
  }
  return digest;
}

/**
 * Holds the key that came with a read against the object's.
 *
 * @param encryption The object's.
 * @param digest The digest of the key that came.
 * @throws {OriginError} InvalidRequest without a key or with one too many, AccessDenied for
 * the wrong one.
 */
export function checkCustomerKey(encryption: Encryption, digest: string | undefined): void {
  if (encryption.customerKeyMd5 === digest) return;
  if (encryption.customerKeyMd5 === undefined) {
    throw new OriginError("InvalidRequest", {
      message: "The encryption parameters are not applicable to this object.",
    });
  }
  if (digest === undefined) {
    throw new OriginError("InvalidRequest", {
      message: "The object was stored using a form of Server Side Encryption. The correct " +
        "parameters must be provided to retrieve the object.",
    });
  }
  throw new OriginError("AccessDenied");
}

/** The header fields by which an answer tells of encryption. */
export function encryptionHeaders(encryption: Encryption): readonly AnswerHeader[] {
  if (encryption.customerKeyMd5 !== undefined) {
    return [
      ["x-amz-server-side-encryption-customer-algorithm", "AES256"],
      ["x-amz-server-side-encryption-customer-key-MD5", encryption.customerKeyMd5],
    ];
  }
  const headers: AnswerHeader[] = [["x-amz-server-side-encryption", encryption.algorithm]];
  if (encryption.kmsKeyId !== undefined) {
    headers.push(["x-amz-server-side-encryption-aws-kms-key-id", encryption.kmsKeyId]);
  }
  return headers;
}
