/**
 * Which operation a request is, by Amazon's API Reference: one table of the sub-resources that
 * name an operation, one of what a method means without any.
 *
 * @module
 */
import type { HeaderList, Query } from "@s3-edge-cache/s3";
import { getAcl, putAcl } from "./acl.ts";
import { getObjectAttributes } from "./attributes.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./buckets.ts";
import { completeMultipartUpload } from "./complete_upload.ts";
import { copyObject } from "./copy_object.ts";
import { preflight } from "./cors.ts";
import { deleteObject, deleteObjects } from "./delete_object.ts";
import { documentOperations } from "./documents.ts";
import { getObject } from "./get_object.ts";
import type { Handler } from "./handler.ts";
import { listObjects, listObjectsV2 } from "./list_objects.ts";
import { listMultipartUploads, listParts } from "./list_uploads.ts";
import { listObjectVersions } from "./list_versions.ts";
import {
  getObjectLegalHold,
  getObjectLockConfiguration,
  getObjectRetention,
  putObjectLegalHold,
  putObjectLockConfiguration,
  putObjectRetention,
} from "./object_lock.ts";
import {
  deleteObjectTagging,
  getObjectTagging,
  putObjectTagging,
  restoreObject,
} from "./object_settings.ts";
import { postObject } from "./post_object.ts";
import { putObject } from "./put_object.ts";
import {
  abortMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from "./upload_part.ts";

/** An operation of S3's. */
export interface Operation {
  /** Amazon's name. */
  readonly name: string;
  /** What it does; `undefined` where the origin has not learnt it. */
  readonly handler: Handler | undefined;
}

/**
 * Operations by `METHOD level`; `?name` stands for a sub-resource, `&id` for an id beside it,
 * `+copy` for a copy source.
 */
const OPERATIONS: Readonly<Record<string, readonly [name: string, handler: Handler | undefined]>> =
  {
    ...documentOperations(),
    "GET service": ["ListBuckets", listBuckets],
    "GET bucket": ["ListObjects", listObjects],
    "GET bucket?list-type": ["ListObjectsV2", listObjectsV2],
    "GET bucket?versions": ["ListObjectVersions", listObjectVersions],
    "GET bucket?uploads": ["ListMultipartUploads", listMultipartUploads],
    "GET bucket?location": ["GetBucketLocation", getBucketLocation],
    "GET bucket?versioning": ["GetBucketVersioning", getBucketVersioning],
    "GET bucket?acl": ["GetBucketAcl", getAcl],
    "GET bucket?object-lock": ["GetObjectLockConfiguration", getObjectLockConfiguration],
    "GET bucket?policyStatus": ["GetBucketPolicyStatus", undefined],
    "GET bucket?session": ["CreateSession", undefined],
    "GET bucket?metadataTable": ["GetBucketMetadataTableConfiguration", undefined],
    "HEAD bucket": ["HeadBucket", headBucket],
    "OPTIONS bucket": ["Preflight", preflight],
    "PUT bucket": ["CreateBucket", createBucket],
    "PUT bucket?versioning": ["PutBucketVersioning", putBucketVersioning],
    "PUT bucket?acl": ["PutBucketAcl", putAcl],
    "PUT bucket?object-lock": ["PutObjectLockConfiguration", putObjectLockConfiguration],
    "DELETE bucket": ["DeleteBucket", deleteBucket],
    "POST bucket": ["PostObject", postObject],
    "POST bucket?delete": ["DeleteObjects", deleteObjects],
    "POST bucket?metadataTable": ["CreateBucketMetadataTableConfiguration", undefined],
    "GET object": ["GetObject", getObject],
    "GET object?acl": ["GetObjectAcl", getAcl],
    "GET object?tagging": ["GetObjectTagging", getObjectTagging],
    "GET object?attributes": ["GetObjectAttributes", getObjectAttributes],
    "GET object?legal-hold": ["GetObjectLegalHold", getObjectLegalHold],
    "GET object?retention": ["GetObjectRetention", getObjectRetention],
    "GET object?uploadId": ["ListParts", listParts],
    "GET object?torrent": ["GetObjectTorrent", undefined],
    "HEAD object": ["HeadObject", getObject],
    "OPTIONS object": ["Preflight", preflight],
    "PUT object": ["PutObject", putObject],
    "PUT object+copy": ["CopyObject", copyObject],
    "PUT object?acl": ["PutObjectAcl", putAcl],
    "PUT object?tagging": ["PutObjectTagging", putObjectTagging],
    "PUT object?legal-hold": ["PutObjectLegalHold", putObjectLegalHold],
    "PUT object?retention": ["PutObjectRetention", putObjectRetention],
    "PUT object?uploadId": ["UploadPart", uploadPart],
    "PUT object?uploadId+copy": ["UploadPartCopy", uploadPartCopy],
    "PUT object?renameObject": ["RenameObject", undefined],
    "PUT object?encryption": ["UpdateObjectEncryption", undefined],
    "POST object?uploads": ["CreateMultipartUpload", createMultipartUpload],
    "POST object?uploadId": ["CompleteMultipartUpload", completeMultipartUpload],
    "POST object?restore": ["RestoreObject", restoreObject],
    "POST object?select": ["SelectObjectContent", undefined],
    "DELETE object": ["DeleteObject", deleteObject],
    "DELETE object?tagging": ["DeleteObjectTagging", deleteObjectTagging],
    "DELETE object?uploadId": ["AbortMultipartUpload", abortMultipartUpload],
  };

/** Where a request stands. */
export interface Place {
  /** The method. */
  readonly method: string;
  /** Whether it addresses the service, a bucket or an object. */
  readonly level: "service" | "bucket" | "object";
  /** The query. */
  readonly query: Query;
  /** The header fields. */
  readonly headers: HeaderList;
}

/** The operation of a request; `undefined` for none that S3 has. */
export function findOperation(place: Place): Operation | undefined {
  const plain = `${place.method} ${place.level}`;
  const suffixes: string[] = [];
  if (place.query.has("id")) suffixes.push("&id");
  if (place.headers.has("x-amz-copy-source")) suffixes.push("+copy");
  suffixes.push("");
  const places = [...place.query.parameters.map(({ name }) => `${plain}?${name}`), plain];
  const spellings = places.flatMap((each) => suffixes.map((suffix) => each + suffix));
  for (const spelling of spellings) {
    const found = OPERATIONS[spelling];
    if (found !== undefined) return { name: found[0], handler: found[1] };
  }
  return undefined;
}
