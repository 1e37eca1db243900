/**
 * Amazon S3's operations as one table: how a request names an operation, whether its answer may
 * be kept, and what it makes stale.
 *
 * Names, methods and parameters are those of the Amazon S3 API Reference,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 *
 * @module
 */

/** What an operation addresses. */
export type OperationLevel = "service" | "bucket" | "object";

/**
 * What an operation makes stale:
 * - `nothing`: it only reads, concerns an upload in progress or future objects alone;
 * - `object`: every version and variant of the object it addresses;
 * - `bucket`: every object of the bucket;
 * - `listed-keys`: the objects that the XML document of DeleteObjects names;
 * - `form-key`: the object that the `key` field of a form names;
 * - `source-and-object`: the object it addresses, and the one that `x-amz-rename-source` names.
 */
export type Invalidation =
  | "nothing"
  | "object"
  | "bucket"
  | "listed-keys"
  | "form-key"
  | "source-and-object";

/** A header field that is part of an operation's name. */
export interface HeaderMark {
  /** The field's name in lower case. */
  readonly name: string;
  /** What its value begins with, in lower case; empty where any value will do. */
  readonly valuePrefix: string;
}

/** One operation. */
export interface Operation {
  /** Amazon's name of it, or `Unknown`. */
  readonly name: string;
  /** The HTTP method. */
  readonly method: string;
  /** What it addresses. */
  readonly level: OperationLevel;
  /** The query parameters that tell it from others, all of them present. */
  readonly query: readonly string[];
  /** The header field that tells it from others. */
  readonly header: HeaderMark | undefined;
  /** Whether its answer may be kept and given again. */
  readonly cacheable: boolean;
  /** What it makes stale. */
  readonly invalidates: Invalidation;
}

type Row = readonly [
  name: string,
  place: `${string} ${OperationLevel}`,
  query: string,
  invalidates: Invalidation,
  header?: HeaderMark,
];

const COPY_SOURCE: HeaderMark = { name: "x-amz-copy-source", valuePrefix: "" };
const REQUEST_ROUTE: HeaderMark = { name: "x-amz-request-route", valuePrefix: "" };
const FORM: HeaderMark = { name: "content-type", valuePrefix: "multipart/form-data" };

/*
 * A write of a bucket's configuration makes its objects stale where the answer to a GetObject
 * may change with it: who may read (policy, ACL, public access block, ownership, requester pays,
 * and tags with attribute-based access control), `x-amz-expiration` (lifecycle),
 * `x-amz-replication-status` (replication) and `x-amz-version-id: null` (versioning, which gives
 * that field to objects written before it). Encryption and object lock concern future objects
 * alone; CORS concerns requests with an Origin, which are never answered from the cache; the
 * others have no part in an object's answer.
 *
 * A part, or the beginning or end of an upload that is given up, changes no object.
 */
const ROWS: readonly Row[] = [
  ["ListBuckets", "GET service", "", "nothing"],
  ["ListDirectoryBuckets", "GET service", "max-directory-buckets", "nothing"],

  ["CreateBucket", "PUT bucket", "", "bucket"],
  ["CreateBucketMetadataConfiguration", "POST bucket", "metadataConfiguration", "nothing"],
  ["CreateBucketMetadataTableConfiguration", "POST bucket", "metadataTable", "nothing"],
  ["CreateSession", "GET bucket", "session", "nothing"],
  ["DeleteBucket", "DELETE bucket", "", "bucket"],
  ["DeleteBucketAnalyticsConfiguration", "DELETE bucket", "analytics&id", "nothing"],
  ["DeleteBucketCors", "DELETE bucket", "cors", "nothing"],
  ["DeleteBucketEncryption", "DELETE bucket", "encryption", "nothing"],
  [
    "DeleteBucketIntelligentTieringConfiguration",
    "DELETE bucket",
    "id&intelligent-tiering",
    "nothing",
  ],
  ["DeleteBucketInventoryConfiguration", "DELETE bucket", "id&inventory", "nothing"],
  ["DeleteBucketLifecycle", "DELETE bucket", "lifecycle", "bucket"],
  ["DeleteBucketMetadataConfiguration", "DELETE bucket", "metadataConfiguration", "nothing"],
  ["DeleteBucketMetadataTableConfiguration", "DELETE bucket", "metadataTable", "nothing"],
  ["DeleteBucketMetricsConfiguration", "DELETE bucket", "id&metrics", "nothing"],
  ["DeleteBucketOwnershipControls", "DELETE bucket", "ownershipControls", "bucket"],
  ["DeleteBucketPolicy", "DELETE bucket", "policy", "bucket"],
  ["DeleteBucketReplication", "DELETE bucket", "replication", "bucket"],
  ["DeleteBucketTagging", "DELETE bucket", "tagging", "bucket"],
  ["DeleteBucketWebsite", "DELETE bucket", "website", "nothing"],
  ["DeleteObjects", "POST bucket", "delete", "listed-keys"],
  ["DeletePublicAccessBlock", "DELETE bucket", "publicAccessBlock", "bucket"],
  ["GetBucketAbac", "GET bucket", "abac", "nothing"],
  ["GetBucketAccelerateConfiguration", "GET bucket", "accelerate", "nothing"],
  ["GetBucketAcl", "GET bucket", "acl", "nothing"],
  ["GetBucketAnalyticsConfiguration", "GET bucket", "analytics&id", "nothing"],
  ["GetBucketCors", "GET bucket", "cors", "nothing"],
  ["GetBucketEncryption", "GET bucket", "encryption", "nothing"],
  ["GetBucketIntelligentTieringConfiguration", "GET bucket", "id&intelligent-tiering", "nothing"],
  ["GetBucketInventoryConfiguration", "GET bucket", "id&inventory", "nothing"],
  ["GetBucketLifecycleConfiguration", "GET bucket", "lifecycle", "nothing"],
  ["GetBucketLocation", "GET bucket", "location", "nothing"],
  ["GetBucketLogging", "GET bucket", "logging", "nothing"],
  ["GetBucketMetadataConfiguration", "GET bucket", "metadataConfiguration", "nothing"],
  ["GetBucketMetadataTableConfiguration", "GET bucket", "metadataTable", "nothing"],
  ["GetBucketMetricsConfiguration", "GET bucket", "id&metrics", "nothing"],
  ["GetBucketNotificationConfiguration", "GET bucket", "notification", "nothing"],
  ["GetBucketOwnershipControls", "GET bucket", "ownershipControls", "nothing"],
  ["GetBucketPolicy", "GET bucket", "policy", "nothing"],
  ["GetBucketPolicyStatus", "GET bucket", "policyStatus", "nothing"],
  ["GetBucketReplication", "GET bucket", "replication", "nothing"],
  ["GetBucketRequestPayment", "GET bucket", "requestPayment", "nothing"],
  ["GetBucketTagging", "GET bucket", "tagging", "nothing"],
  ["GetBucketVersioning", "GET bucket", "versioning", "nothing"],
  ["GetBucketWebsite", "GET bucket", "website", "nothing"],
  ["GetObjectLockConfiguration", "GET bucket", "object-lock", "nothing"],
  ["GetPublicAccessBlock", "GET bucket", "publicAccessBlock", "nothing"],
  ["HeadBucket", "HEAD bucket", "", "nothing"],
  ["ListBucketAnalyticsConfigurations", "GET bucket", "analytics", "nothing"],
  ["ListBucketIntelligentTieringConfigurations", "GET bucket", "intelligent-tiering", "nothing"],
  ["ListBucketInventoryConfigurations", "GET bucket", "inventory", "nothing"],
  ["ListBucketMetricsConfigurations", "GET bucket", "metrics", "nothing"],
  ["ListMultipartUploads", "GET bucket", "uploads", "nothing"],
  ["ListObjectVersions", "GET bucket", "versions", "nothing"],
  ["ListObjects", "GET bucket", "", "nothing"],
  ["ListObjectsV2", "GET bucket", "list-type", "nothing"],
  ["PostObject", "POST bucket", "", "form-key", FORM],
  ["PutBucketAbac", "PUT bucket", "abac", "bucket"],
  ["PutBucketAccelerateConfiguration", "PUT bucket", "accelerate", "nothing"],
  ["PutBucketAcl", "PUT bucket", "acl", "bucket"],
  ["PutBucketAnalyticsConfiguration", "PUT bucket", "analytics&id", "nothing"],
  ["PutBucketCors", "PUT bucket", "cors", "nothing"],
  ["PutBucketEncryption", "PUT bucket", "encryption", "nothing"],
  ["PutBucketIntelligentTieringConfiguration", "PUT bucket", "id&intelligent-tiering", "nothing"],
  ["PutBucketInventoryConfiguration", "PUT bucket", "id&inventory", "nothing"],
  ["PutBucketLifecycleConfiguration", "PUT bucket", "lifecycle", "bucket"],
  ["PutBucketLogging", "PUT bucket", "logging", "nothing"],
  ["PutBucketMetricsConfiguration", "PUT bucket", "id&metrics", "nothing"],
  ["PutBucketNotificationConfiguration", "PUT bucket", "notification", "nothing"],
  ["PutBucketOwnershipControls", "PUT bucket", "ownershipControls", "bucket"],
  ["PutBucketPolicy", "PUT bucket", "policy", "bucket"],
  ["PutBucketReplication", "PUT bucket", "replication", "bucket"],
  ["PutBucketRequestPayment", "PUT bucket", "requestPayment", "bucket"],
  ["PutBucketTagging", "PUT bucket", "tagging", "bucket"],
  ["PutBucketVersioning", "PUT bucket", "versioning", "bucket"],
  ["PutBucketWebsite", "PUT bucket", "website", "nothing"],
  ["PutObjectLockConfiguration", "PUT bucket", "object-lock", "nothing"],
  ["PutPublicAccessBlock", "PUT bucket", "publicAccessBlock", "bucket"],
  [
    "UpdateBucketMetadataInventoryTableConfiguration",
    "PUT bucket",
    "metadataInventoryTable",
    "nothing",
  ],
  [
    "UpdateBucketMetadataJournalTableConfiguration",
    "PUT bucket",
    "metadataJournalTable",
    "nothing",
  ],
  ["WriteGetObjectResponse", "POST bucket", "", "nothing", REQUEST_ROUTE],

  ["AbortMultipartUpload", "DELETE object", "uploadId", "nothing"],
  ["CompleteMultipartUpload", "POST object", "uploadId", "object"],
  ["CopyObject", "PUT object", "", "object", COPY_SOURCE],
  ["CreateMultipartUpload", "POST object", "uploads", "nothing"],
  ["DeleteObject", "DELETE object", "", "object"],
  ["DeleteObjectTagging", "DELETE object", "tagging", "object"],
  ["GetObject", "GET object", "", "nothing"],
  ["GetObjectAcl", "GET object", "acl", "nothing"],
  ["GetObjectAttributes", "GET object", "attributes", "nothing"],
  ["GetObjectLegalHold", "GET object", "legal-hold", "nothing"],
  ["GetObjectRetention", "GET object", "retention", "nothing"],
  ["GetObjectTagging", "GET object", "tagging", "nothing"],
  ["GetObjectTorrent", "GET object", "torrent", "nothing"],
  ["HeadObject", "HEAD object", "", "nothing"],
  ["ListParts", "GET object", "uploadId", "nothing"],
  ["OptionsObject", "OPTIONS object", "", "nothing"],
  ["PutObject", "PUT object", "", "object"],
  ["PutObjectAcl", "PUT object", "acl", "object"],
  ["PutObjectLegalHold", "PUT object", "legal-hold", "object"],
  ["PutObjectRetention", "PUT object", "retention", "object"],
  ["PutObjectTagging", "PUT object", "tagging", "object"],
  ["RenameObject", "PUT object", "renameObject", "source-and-object"],
  ["RestoreObject", "POST object", "restore", "object"],
  ["SelectObjectContent", "POST object", "select&select-type", "nothing"],
  ["UpdateObjectEncryption", "PUT object", "encryption", "object"],
  ["UploadPart", "PUT object", "partNumber&uploadId", "nothing"],
  ["UploadPartCopy", "PUT object", "partNumber&uploadId", "nothing", COPY_SOURCE],
];

const CACHEABLE: ReadonlySet<string> = new Set(["GetObject", "HeadObject"]);

/**
 * Every operation of Amazon S3, one row each, in no order that matters: no two rows match one
 * request.
 */
export const OPERATIONS: readonly Operation[] = ROWS.map(
  ([name, place, query, invalidates, header]) => ({
    name,
    method: place.split(" ")[0]!,
    level: place.split(" ")[1] as OperationLevel,
    query: query === "" ? [] : query.split("&"),
    header,
    cacheable: CACHEABLE.has(name),
    invalidates,
  }),
);

const READING_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The operation of a request that no row matches: never kept, and taken to change whatever it
 * addresses unless its method only reads.
 *
 * @param method The method in upper case.
 * @param level What the request addresses.
 */
export function unknownOperation(method: string, level: OperationLevel): Operation {
  const reads = READING_METHODS.has(method) || level === "service";
  return {
    name: "Unknown",
    method,
    level,
    query: [],
    header: undefined,
    cacheable: false,
    invalidates: reads ? "nothing" : level as "bucket" | "object",
  };
}
