/**
 * Requests that change things, in an order that makes sense, for two buckets alike.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { contentMd5 } from "./_content_md5.ts";

/**
 * A request. `{bucket}` and what was captured before, such as `{upload}`, stand in its target,
 * field values and body for what they are in the bucket at hand; `{md5}` for its Content-MD5.
 */
export interface WriteStep {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  readonly body: string;
  /** Names for what its answer tells: the first group of a pattern over fields and body. */
  readonly capture: Readonly<Record<string, RegExp>>;
}

type Options = Partial<Pick<WriteStep, "headers" | "body" | "capture">>;

function step(name: string, request: string, options: Options = {}): WriteStep {
  const [method, target] = request.split(" ") as [string, string];
  return { name, method, target, headers: [], body: "", capture: {}, ...options };
}

/** A step with a document and its Content-MD5. */
function document(name: string, request: string, body: string, options: Options = {}): WriteStep {
  return step(name, request, {
    ...options,
    body,
    headers: [["content-md5", "{md5}"], ...options.headers ?? []],
  });
}

const VERSION = { version: /x-amz-version-id: (\S+)/ };
const ETAG = { etag: /etag: "?([0-9a-f-]+)/ };
/** Bytes of a part that is not the last: 5 MiB, the least that S3 takes. */
const PART = "0123456789abcdef".repeat(5 * 1024 * 64);

/** Every step, from the creation of the bucket to its deletion. */
export const WRITE_STEPS: readonly WriteStep[] = [
  ...bucketSteps(),
  ...putSteps(),
  ...subResourceSteps(),
  ...lockSteps(),
  ...copySteps(),
  ...multipartSteps(),
  ...deleteSteps(),
];

function bucketSteps(): WriteStep[] {
  const settings: Record<string, string> = {
    versioning: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    tagging: "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Deny",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::{bucket}/x/*",
      }],
    }),
    cors: "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>" +
      "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
    ownershipControls: "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerPreferred" +
      "</ObjectOwnership></Rule></OwnershipControls>",
    lifecycle: "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status>" +
      "<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
    encryption: "<ServerSideEncryptionConfiguration/>",
    website: "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>" +
      "</WebsiteConfiguration>",
    logging: "<BucketLoggingStatus/>",
    notification: "<NotificationConfiguration/>",
    accelerate: "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>",
    requestPayment:
      "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>",
    replication: "<ReplicationConfiguration/>",
    publicAccessBlock: "<PublicAccessBlockConfiguration/>",
  };
  const writable = Object.entries(settings);
  const removable = writable.map(([name]) => name).filter((name) =>
    [
      "tagging",
      "policy",
      "cors",
      "ownershipControls",
      "lifecycle",
      "encryption",
      "website",
      "replication",
      "publicAccessBlock",
    ]
      .includes(name)
  );
  return [
    step("CreateBucket", "PUT /{bucket}", {
      headers: [["x-amz-bucket-object-lock-enabled", "true"], [
        "x-amz-object-ownership",
        "BucketOwnerPreferred",
      ]],
    }),
    step("CreateBucket, there already", "PUT /{bucket}"),
    step("CreateBucket, not a name", "PUT /A_b"),
    ...writable.flatMap(([name, body]) => [
      document(`PutBucket ${name}, malformed`, `PUT /{bucket}?${name}`, "<nonsense"),
      document(`PutBucket ${name}, NoSuchBucket`, `PUT /{bucket}-missing?${name}`, body),
      document(`PutBucket ${name}`, `PUT /{bucket}?${name}`, body),
      step(`GetBucket ${name}`, `GET /{bucket}?${name}`),
    ]),
    ...removable.flatMap((name) => [
      step(`DeleteBucket ${name}`, `DELETE /{bucket}?${name}`),
      step(`GetBucket ${name}, deleted`, `GET /{bucket}?${name}`),
    ]),
    step("PutBucketAcl, canned", "PUT /{bucket}?acl", { headers: [["x-amz-acl", "public-read"]] }),
    step("PutBucketAcl, canned, unknown", "PUT /{bucket}?acl", {
      headers: [["x-amz-acl", "nobody"]],
    }),
    step("GetBucketAcl", "GET /{bucket}?acl"),
  ];
}

function putSteps(): WriteStep[] {
  const sha256 = createHash("sha256").update("fox").digest("base64");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32("fox"));
  const put = (name: string, headers: readonly HeaderPair[], key = "key", body = "fox") =>
    step(`PutObject, ${name}`, `PUT /{bucket}/${key}`, { headers, body });
  return [
    step("PutObject", "PUT /{bucket}/key", { body: "first", capture: { first: VERSION.version } }),
    step("PutObject over it", "PUT /{bucket}/key", {
      body: "second",
      capture: { ...VERSION, ...ETAG },
    }),
    step("GetObject of the first version", "GET /{bucket}/key?versionId={first}"),
    step("HeadObject", "HEAD /{bucket}/key"),
    put("no bytes", [], "empty", ""),
    put("fields", [["content-type", "text/x-fox"], ["cache-control", "no-cache"], [
      "x-amz-meta-a",
      "b",
    ]], "fields"),
    put("tags", [["x-amz-tagging", "a=b&c=d%20e"]], "tags"),
    put("tags twice the same", [["x-amz-tagging", "a=b&a=c"]]),
    put("canned ACL", [["x-amz-acl", "public-read"]], "acl"),
    put("Content-MD5", [contentMd5("fox")]),
    put("Content-MD5 of something else", [contentMd5("hound")]),
    put("Content-MD5 that is none", [["content-md5", "nonsense"]]),
    put("CRC32", [["x-amz-checksum-crc32", crc.toString("base64")]], "crc32"),
    put("CRC32 of something else", [["x-amz-checksum-crc32", "AAAAAA=="]]),
    put("CRC32 that is none", [["x-amz-checksum-crc32", "nonsense"]]),
    put(
      "SHA256",
      [["x-amz-checksum-sha256", sha256]],
      "sha256",
    ),
    put("two checksums", [["x-amz-checksum-crc32", crc.toString("base64")], [
      "x-amz-checksum-crc32c",
      "RTr1kQ==",
    ]]),
    put("unknown storage class", [["x-amz-storage-class", "LUKEWARM"]]),
    put("If-None-Match *, there already", [["if-none-match", "*"]]),
    put("If-None-Match *, new", [["if-none-match", "*"]], "new"),
    put("If-Match, wrong", [["if-match", '"00000000000000000000000000000000"']]),
    put("unknown field", [["x-amz-tomorrow", "1"]], "tomorrow"),
    put("a key with two dots", [], "../nope"),
    put("slash at the end, no bytes", [], "folder/", ""),
    put("slash at the end, bytes", [], "folder2/"),
    put("a long key", [], "k".repeat(1025)),
    ...["a%20b", "a+b", "%C3%A9%F0%9F%A6%8A", "a%26b%3Dc%3Bd", "q%3Fx%23y", "%25", "'%22%5C"]
      .flatMap(
        (
          key,
        ) => [
          put(`key ${key}`, [], `odd/${key}`),
          step(`GetObject, key ${key}`, `GET /{bucket}/odd/${key}`),
        ],
      ),
    step("ListObjectsV2 of odd keys", "GET /{bucket}?list-type=2&prefix=odd%2F"),
    step(
      "ListObjectsV2 of odd keys, encoded",
      "GET /{bucket}?list-type=2&prefix=odd%2F&encoding-type=url",
    ),
    step("ListObjects of odd keys", "GET /{bucket}?prefix=odd%2F&max-keys=3"),
  ];
}

function subResourceSteps(): WriteStep[] {
  const tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
  return [
    document("PutObjectTagging", "PUT /{bucket}/key?tagging", tags),
    document("PutObjectTagging of a version", "PUT /{bucket}/key?tagging&versionId={first}", tags),
    document("PutObjectTagging, malformed", "PUT /{bucket}/key?tagging", "<Tagging>"),
    document("PutObjectTagging, NoSuchKey", "PUT /{bucket}/missing?tagging", tags),
    step("GetObjectTagging", "GET /{bucket}/key?tagging"),
    step("GetObject, tag count", "GET /{bucket}/key"),
    step("DeleteObjectTagging", "DELETE /{bucket}/key?tagging"),
    step("GetObjectTagging, deleted", "GET /{bucket}/key?tagging"),
    step("PutObjectAcl", "PUT /{bucket}/key?acl", { headers: [["x-amz-acl", "public-read"]] }),
    step("GetObjectAcl", "GET /{bucket}/key?acl"),
    step("GetObjectAttributes", "GET /{bucket}/sha256?attributes", {
      headers: [["x-amz-object-attributes", "ETag,Checksum,ObjectSize,StorageClass"]],
    }),
    step("HeadObject, checksum mode", "HEAD /{bucket}/crc32", {
      headers: [["x-amz-checksum-mode", "ENABLED"]],
    }),
    document(
      "RestoreObject",
      "POST /{bucket}/key?restore",
      "<RestoreRequest><Days>1</Days></RestoreRequest>",
    ),
    document(
      "SelectObjectContent",
      "POST /{bucket}/key?select&select-type=2",
      "<SelectObjectContentRequest><Expression>SELECT 1</Expression></SelectObjectContentRequest>",
    ),
    step("RenameObject", "PUT /{bucket}/renamed?renameObject", {
      headers: [["x-amz-rename-source", "/{bucket}/tomorrow"]],
    }),
    step("an unknown sub-resource", "PUT /{bucket}/key?tomorrow", { body: "tomorrow" }),
    step("POST on an object", "POST /{bucket}/key", { body: "post" }),
  ];
}

function lockSteps(): WriteStep[] {
  const hold = (status: string) => `<LegalHold><Status>${status}</Status></LegalHold>`;
  const retention = "<Retention><Mode>GOVERNANCE</Mode>" +
    "<RetainUntilDate>2097-01-01T00:00:00Z</RetainUntilDate></Retention>";
  return [
    step("PutObject to be held", "PUT /{bucket}/held", {
      body: "held",
      capture: { held: VERSION.version },
    }),
    document("PutObjectLegalHold on", "PUT /{bucket}/held?legal-hold", hold("ON")),
    step("GetObjectLegalHold", "GET /{bucket}/held?legal-hold"),
    step("GetObject, held", "GET /{bucket}/held"),
    step("DeleteObject of a held version", "DELETE /{bucket}/held?versionId={held}"),
    document("PutObjectLegalHold off", "PUT /{bucket}/held?legal-hold", hold("OFF")),
    document("PutObjectLegalHold, malformed", "PUT /{bucket}/held?legal-hold", hold("MAYBE")),
    document("PutObjectRetention", "PUT /{bucket}/held?retention", retention),
    document("PutObjectRetention, malformed", "PUT /{bucket}/held?retention", "<Retention/>"),
    step("GetObjectRetention", "GET /{bucket}/held?retention"),
    step("DeleteObject of a retained version", "DELETE /{bucket}/held?versionId={held}"),
    step("DeleteObject, retention bypassed", "DELETE /{bucket}/held?versionId={held}", {
      headers: [["x-amz-bypass-governance-retention", "true"]],
    }),
    document(
      "PutObjectLockConfiguration",
      "PUT /{bucket}?object-lock",
      "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
    ),
    step("GetObjectLockConfiguration", "GET /{bucket}?object-lock"),
  ];
}

function copySteps(): WriteStep[] {
  const copy = (name: string, source: string, key: string, ...headers: HeaderPair[]) =>
    step(`CopyObject, ${name}`, `PUT /{bucket}/${key}`, {
      headers: [["x-amz-copy-source", source], ...headers],
    });
  return [
    copy("to another key", "/{bucket}/fields", "copied"),
    step("HeadObject of the copy", "HEAD /{bucket}/copied"),
    copy("without the slash", "{bucket}/odd/a%20b", "copied-odd"),
    copy("of a version", "/{bucket}/key?versionId={first}", "copied-version"),
    step("GetObject of the copied version", "GET /{bucket}/copied-version"),
    copy(
      "metadata replaced",
      "/{bucket}/fields",
      "fields",
      ["x-amz-metadata-directive", "REPLACE"],
      ["x-amz-meta-c", "d"],
    ),
    step("HeadObject, metadata replaced", "HEAD /{bucket}/fields"),
    copy("onto itself", "/{bucket}/key", "key"),
    copy("NoSuchKey", "/{bucket}/missing", "copied"),
    copy("NoSuchBucket", "/{bucket}-missing/key", "copied"),
    copy("a source that is none", "nonsense", "copied"),
    copy("If-Match, wrong", "/{bucket}/key", "copied", ["x-amz-copy-source-if-match", '"0"']),
    copy("tags replaced", "/{bucket}/tags", "copied-tags", ["x-amz-tagging-directive", "REPLACE"], [
      "x-amz-tagging",
      "x=y",
    ]),
    step("GetObjectTagging of the copy", "GET /{bucket}/copied-tags?tagging"),
  ];
}

function multipartSteps(): WriteStep[] {
  const upload = "/{bucket}/parts?uploadId={upload}";
  const part = (number: number, body: string, capture: Record<string, RegExp>) =>
    step(`UploadPart ${number}`, `PUT ${upload}&partNumber=${number}`, { body, capture });
  const complete = (...etags: string[]) =>
    `<CompleteMultipartUpload>${
      etags.map((etag, index) =>
        `<Part><PartNumber>${index + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`
      ).join("")
    }</CompleteMultipartUpload>`;
  return [
    step("CreateMultipartUpload", "POST /{bucket}/parts?uploads", {
      headers: [["content-type", "text/x-parts"], ["x-amz-meta-a", "b"]],
      capture: { upload: /<UploadId>([^<]+)/ },
    }),
    step("ListMultipartUploads", "GET /{bucket}?uploads"),
    part(1, PART, { one: ETAG.etag }),
    part(2, "the end", { two: ETAG.etag }),
    part(0, "nothing", {}),
    step("UploadPart, NoSuchUpload", "PUT /{bucket}/parts?uploadId=nonsense&partNumber=1", {
      body: "part",
    }),
    step("UploadPart without a number", `PUT ${upload}`, { body: "part" }),
    step("UploadPartCopy", `PUT ${upload}&partNumber=3`, {
      headers: [["x-amz-copy-source", "/{bucket}/key"], ["x-amz-copy-source-range", "bytes=0-2"]],
      capture: { three: /<ETag>(?:"|&#34;|&quot;)?([0-9a-f]+)/ },
    }),
    step("ListParts", `GET ${upload}`),
    step("ListParts, some", `GET ${upload}&max-parts=1&part-number-marker=1`),
    step("CompleteMultipartUpload, wrong ETag", `POST ${upload}`, {
      body: complete("{one}", "{one}"),
    }),
    step("CompleteMultipartUpload, malformed", `POST ${upload}`, { body: "<Complete" }),
    step("CompleteMultipartUpload, no part", `POST ${upload}`, { body: complete() }),
    step("CompleteMultipartUpload", `POST ${upload}`, { body: complete("{one}", "{two}") }),
    step("CompleteMultipartUpload again", `POST ${upload}`, { body: complete("{one}", "{two}") }),
    step("HeadObject of the parts", "HEAD /{bucket}/parts"),
    step("GetObject of a part", "GET /{bucket}/parts?partNumber=2"),
    step("GetObjectAttributes of the parts", "GET /{bucket}/parts?attributes", {
      headers: [["x-amz-object-attributes", "ETag,ObjectParts,ObjectSize"]],
    }),
    step("CreateMultipartUpload to be given up", "POST /{bucket}/parts?uploads", {
      capture: { upload: /<UploadId>([^<]+)/ },
    }),
    step("AbortMultipartUpload", `DELETE ${upload}`),
    step("AbortMultipartUpload again", `DELETE ${upload}`),
  ];
}

function deleteSteps(): WriteStep[] {
  const keys = (quiet: boolean, ...names: string[]) =>
    `<Delete><Quiet>${quiet}</Quiet>${
      names.map((name) => `<Object><Key>${name}</Key></Object>`).join("")
    }</Delete>`;
  return [
    step("DeleteObject", "DELETE /{bucket}/key", { capture: { marker: VERSION.version } }),
    step("GetObject, deleted", "GET /{bucket}/key"),
    step("HeadObject, deleted", "HEAD /{bucket}/key"),
    step("GetObject of the delete marker", "GET /{bucket}/key?versionId={marker}"),
    step("GetObject of a version that is left", "GET /{bucket}/key?versionId={version}"),
    step("DeleteObject of the delete marker", "DELETE /{bucket}/key?versionId={marker}"),
    step("GetObject, back again", "GET /{bucket}/key"),
    step("DeleteObject of a version", "DELETE /{bucket}/key?versionId={version}"),
    step("DeleteObject of a version that is none", "DELETE /{bucket}/key?versionId=nonsense"),
    step("DeleteObject, never there", "DELETE /{bucket}/never"),
    step("DeleteObject, NoSuchBucket", "DELETE /{bucket}-missing/key"),
    document(
      "DeleteObjects",
      "POST /{bucket}?delete",
      keys(false, "empty", "odd/a&amp;b=c;d", "never"),
    ),
    document("DeleteObjects, quiet", "POST /{bucket}?delete", keys(true, "tags", "acl")),
    document("DeleteObjects, malformed", "POST /{bucket}?delete", "<Delete><Object></Delete>"),
    document("DeleteObjects, none named", "POST /{bucket}?delete", keys(false)),
    document("DeleteObjects, NoSuchBucket", "POST /{bucket}-missing?delete", keys(false, "a")),
    step("ListObjectVersions", "GET /{bucket}?versions&encoding-type=url"),
    step("ListObjectsV2", "GET /{bucket}?list-type=2&encoding-type=url"),
    step("DeleteBucket, not empty", "DELETE /{bucket}"),
    step("DeleteBucket, NoSuchBucket", "DELETE /{bucket}-missing"),
    step("an unknown write of the bucket", "PUT /{bucket}?tomorrow", { body: "tomorrow" }),
    step("an unknown deletion of the bucket", "DELETE /{bucket}?tomorrow"),
  ];
}
