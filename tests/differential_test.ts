import { startTestProxy } from "./_proxy.ts";
import { leadTwins, type Step } from "./_twin.ts";

const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const FIXED = Math.floor(Date.now() / 1000) * 1000;

/** Leads two buckets through a history, one of them through a proxy. */
function history(name: string, steps: readonly Step[]): void {
  Deno.test(`${name} answers through the proxy as it does directly`, async () => {
    await using proxy = await startTestProxy({
      origin: { now: () => FIXED, minimumPartSize: 1 },
    });
    await leadTwins(proxy, steps);
  });
}

function step(operation: string, status: number, line: string, more: Partial<Step> = {}): Step {
  return { operation, status, line, ...more };
}

history("reading and writing objects", [
  step("PutObject", 200, "PUT /$bucket/doc", {
    body: "0123456789",
    headers: [
      ["content-type", "text/plain"],
      ["cache-control", "max-age=5"],
      ["content-disposition", "inline"],
      ["content-language", "de"],
      ["x-amz-meta-owner", "Ann"],
      ["x-amz-storage-class", "STANDARD_IA"],
      ["x-amz-tagging", "a=1&b=2"],
      ["x-amz-website-redirect-location", "/elsewhere"],
      ["x-amz-server-side-encryption", "aws:kms"],
    ],
  }),
  step("GetObject", 200, "GET /$bucket/doc"),
  step("HeadObject", 200, "HEAD /$bucket/doc"),
  step("GetObject", 206, "GET /$bucket/doc", { headers: [["range", "bytes=2-4"]] }),
  step("HeadObject", 206, "HEAD /$bucket/doc", { headers: [["range", "bytes=2-4"]] }),
  step("GetObject", 416, "GET /$bucket/doc", { headers: [["range", "bytes=10-"]] }),
  step("GetObject", 200, "GET /$bucket/doc", { headers: [["x-amz-checksum-mode", "ENABLED"]] }),
  step("GetObject", 200, "GET /$bucket/doc?response-content-type=image%2Fpng"),
  step("GetObject", 404, "GET /$bucket/none"),
  step("HeadObject", 404, "HEAD /$bucket/none"),
  step("GetObject", 404, "GET /nobucket/none"),
  step("PutObject", 412, "PUT /$bucket/doc", { body: "x", headers: [["if-none-match", "*"]] }),
  step("PutObject", 200, "PUT /$bucket/once", { body: "x", headers: [["if-none-match", "*"]] }),
  step("PutObject", 412, "PUT /$bucket/once", { body: "y", headers: [["if-match", '"no"']] }),
  step("PutObject", 404, "PUT /$bucket/none", { body: "y", headers: [["if-match", '"no"']] }),
  step("PutObject", 501, "PUT /$bucket/once", { body: "y", headers: [["if-none-match", '"no"']] }),
  step("PutObject", 404, "PUT /nobucket/key", { body: "x" }),
  step("PutObject", 400, "PUT /$bucket/doc", {
    body: "x",
    headers: [["content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="]],
  }),
  step("PutObject", 400, "PUT /$bucket/doc", { body: "x", headers: [["content-md5", "bad"]] }),
  step("PutObject", 400, "PUT /$bucket/doc", {
    body: "x",
    headers: [["x-amz-checksum-crc32", "AAAAAA=="]],
  }),
  step("CopyObject", 200, "PUT /$bucket/copy", {
    body: "",
    headers: [["x-amz-copy-source", "/$bucket/doc"]],
  }),
  step("GetObject", 200, "GET /$bucket/copy"),
  step("CopyObject", 200, "PUT /$bucket/copy", {
    body: "",
    headers: [
      ["x-amz-copy-source", "$bucket/doc"],
      ["x-amz-metadata-directive", "REPLACE"],
      ["x-amz-meta-owner", "Bob"],
    ],
  }),
  step("CopyObject", 404, "PUT /$bucket/copy", {
    body: "",
    headers: [["x-amz-copy-source", "/$bucket/none"]],
  }),
  step("GetObjectTagging", 200, "GET /$bucket/doc?tagging"),
  step("PutObjectTagging", 200, "PUT /$bucket/doc?tagging", {
    body: "<Tagging><TagSet><Tag><Key>c</Key><Value>3</Value></Tag></TagSet></Tagging>",
  }),
  step("GetObjectTagging", 200, "GET /$bucket/doc?tagging"),
  step("GetObject", 200, "GET /$bucket/doc"),
  step("DeleteObjectTagging", 204, "DELETE /$bucket/doc?tagging"),
  step("PutObjectTagging", 400, "PUT /$bucket/doc?tagging", { body: "<Tagging>" }),
  step("GetObjectAcl", 200, "GET /$bucket/doc?acl"),
  step("PutObjectAcl", 200, "PUT /$bucket/doc?acl", {
    body: "",
    headers: [["x-amz-acl", "public-read"]],
  }),
  step("GetObjectAcl", 200, "GET /$bucket/doc?acl"),
  step("GetObjectAttributes", 200, "GET /$bucket/doc?attributes", {
    headers: [["x-amz-object-attributes", "ETag,ObjectSize,StorageClass,Checksum"]],
  }),
  step("RestoreObject", 403, "POST /$bucket/doc?restore", {
    body: "<RestoreRequest><Days>1</Days></RestoreRequest>",
  }),
  step("DeleteObject", 204, "DELETE /$bucket/once"),
  step("DeleteObject", 204, "DELETE /$bucket/none"),
  step("DeleteObjects", 200, "POST /$bucket?delete", {
    digest: true,
    body:
      `<Delete ${XMLNS}><Object><Key>copy</Key></Object><Object><Key>none</Key></Object></Delete>`,
  }),
  step("DeleteObjects", 200, "POST /$bucket?delete", {
    digest: true,
    body: "<Delete><Quiet>true</Quiet><Object><Key>a&amp;b</Key></Object></Delete>",
  }),
  step("DeleteObjects", 400, "POST /$bucket?delete", { digest: true, body: "<Delete>" }),
  step("DeleteObjects", 400, "POST /$bucket?delete", { body: "<Delete></Delete>" }),
]);

const DELETE_ALL_UPLOADS = "DELETE /$bucket/big?uploadId=$upload";

history("a multipart upload", [
  step("CreateMultipartUpload", 200, "POST /$bucket/big?uploads", {
    body: "",
    headers: [["content-type", "text/plain"], ["x-amz-meta-a", "1"]],
    remember: ["UploadId", "upload"],
  }),
  step("ListMultipartUploads", 200, "GET /$bucket?uploads"),
  step("UploadPart", 200, "PUT /$bucket/big?partNumber=1&uploadId=$upload", {
    body: "first part",
    remember: ["etag", "one"],
  }),
  step("PutObject", 200, "PUT /$bucket/source", { body: "second part" }),
  step("UploadPartCopy", 200, "PUT /$bucket/big?partNumber=2&uploadId=$upload", {
    body: "",
    headers: [
      ["x-amz-copy-source", "/$bucket/source"],
      ["x-amz-copy-source-range", "bytes=0-5"],
    ],
    remember: ["ETag", "two"],
  }),
  step("UploadPart", 400, "PUT /$bucket/big?partNumber=0&uploadId=$upload", { body: "x" }),
  step("UploadPart", 404, "PUT /$bucket/big?partNumber=1&uploadId=none", { body: "x" }),
  step("ListParts", 200, "GET /$bucket/big?uploadId=$upload"),
  step("CompleteMultipartUpload", 400, "POST /$bucket/big?uploadId=$upload", {
    body: "<CompleteMultipartUpload></CompleteMultipartUpload>",
  }),
  step("CompleteMultipartUpload", 200, "POST /$bucket/big?uploadId=$upload", {
    body: `<CompleteMultipartUpload ${XMLNS}>` +
      "<Part><PartNumber>1</PartNumber><ETag>$one</ETag></Part>" +
      "<Part><PartNumber>2</PartNumber><ETag>$two</ETag></Part></CompleteMultipartUpload>",
  }),
  step("GetObject", 200, "GET /$bucket/big"),
  step("GetObject", 206, "GET /$bucket/big?partNumber=2"),
  step("HeadObject", 206, "HEAD /$bucket/big?partNumber=1"),
  step("GetObject", 200, "GET /$bucket/big", { headers: [["x-amz-checksum-mode", "ENABLED"]] }),
  step("GetObjectAttributes", 200, "GET /$bucket/big?attributes", {
    headers: [["x-amz-object-attributes", "ObjectParts"]],
  }),
  step("CreateMultipartUpload", 200, "POST /$bucket/big?uploads", {
    remember: ["UploadId", "upload"],
  }),
  step("AbortMultipartUpload", 204, DELETE_ALL_UPLOADS),
  step("AbortMultipartUpload", 404, DELETE_ALL_UPLOADS),
]);

history("a bucket with versions", [
  step("GetBucketVersioning", 200, "GET /$bucket?versioning"),
  step("PutObject", 200, "PUT /$bucket/key", { body: "before" }),
  step("PutBucketVersioning", 200, "PUT /$bucket?versioning", {
    body: `<VersioningConfiguration ${XMLNS}><Status>Enabled</Status></VersioningConfiguration>`,
  }),
  step("GetBucketVersioning", 200, "GET /$bucket?versioning"),
  step("GetObject", 200, "GET /$bucket/key"),
  step("PutObject", 200, "PUT /$bucket/key", {
    body: "one",
    remember: ["x-amz-version-id", "one"],
  }),
  step("PutObject", 200, "PUT /$bucket/key", { body: "two" }),
  step("GetObject", 200, "GET /$bucket/key"),
  step("GetObject", 200, "GET /$bucket/key?versionId=null"),
  step("DeleteObject", 204, "DELETE /$bucket/key", { remember: ["x-amz-version-id", "marker"] }),
  step("GetObject", 404, "GET /$bucket/key"),
  step("HeadObject", 404, "HEAD /$bucket/key"),
  step("GetObject", 404, "GET /$bucket/key?versionId=never"),
  step("ListObjectVersions", 200, "GET /$bucket?versions"),
  step("DeleteObject", 204, "DELETE /$bucket/key?versionId=$marker"),
  step("GetObject", 200, "GET /$bucket/key"),
  step("DeleteObject", 204, "DELETE /$bucket/key?versionId=null"),
  step("PutObjectTagging", 200, "PUT /$bucket/key?tagging&versionId=$one", {
    body: "<Tagging><TagSet><Tag><Key>c</Key><Value>3</Value></Tag></TagSet></Tagging>",
  }),
  step("CopyObject", 200, "PUT /$bucket/copy", {
    body: "",
    headers: [["x-amz-copy-source", "/$bucket/key?versionId=$one"]],
  }),
  step("DeleteObjects", 200, "POST /$bucket?delete", {
    digest: true,
    body: "<Delete><Object><Key>key</Key><VersionId>$one</VersionId></Object>" +
      "<Object><Key>copy</Key></Object></Delete>",
  }),
  step("PutObjectLockConfiguration", 200, "PUT /$bucket?object-lock", {
    digest: true,
    body: "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>" +
      "</ObjectLockConfiguration>",
  }),
  step("GetObjectLockConfiguration", 200, "GET /$bucket?object-lock"),
  step("GetObjectLegalHold", 404, "GET /$bucket/key?legal-hold"),
  step("PutObjectLegalHold", 200, "PUT /$bucket/key?legal-hold", {
    digest: true,
    body: "<LegalHold><Status>ON</Status></LegalHold>",
  }),
  step("GetObjectLegalHold", 200, "GET /$bucket/key?legal-hold"),
  step("HeadObject", 200, "HEAD /$bucket/key"),
  step("PutObjectRetention", 200, "PUT /$bucket/key?retention", {
    digest: true,
    body: "<Retention><Mode>GOVERNANCE</Mode>" +
      "<RetainUntilDate>2041-01-01T00:00:00Z</RetainUntilDate></Retention>",
  }),
  step("GetObjectRetention", 200, "GET /$bucket/key?retention"),
]);

const CORS = "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>" +
  "<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>" +
  "<ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";

/** The settings of a bucket that are documents: what is asked for, put, asked for and deleted. */
const DOCUMENTS: readonly (readonly [name: string, line: string, body: string])[] = [
  ["BucketCors", "cors", CORS],
  ["BucketTagging", "tagging", "<Tagging><TagSet></TagSet></Tagging>"],
  ["BucketWebsite", "website", "<WebsiteConfiguration></WebsiteConfiguration>"],
  ["BucketOwnershipControls", "ownershipControls", "<OwnershipControls></OwnershipControls>"],
  [
    "BucketInventoryConfiguration",
    "inventory&id=i1",
    "<InventoryConfiguration><Id>i1</Id></InventoryConfiguration>",
  ],
  [
    "BucketPolicy",
    "policy",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",' +
    '"Action":"s3:GetObject","Resource":"arn:aws:s3:::$bucket/*"}]}',
  ],
];

history("a bucket and its settings", [
  step("ListBuckets", 200, "GET /"),
  step("HeadBucket", 200, "HEAD /$bucket"),
  step("HeadBucket", 404, "HEAD /nobucket"),
  step("GetBucketLocation", 200, "GET /$bucket?location"),
  step("CreateBucket", 200, "PUT /$bucket-two"),
  step("DeleteBucket", 204, "DELETE /$bucket-two"),
  step("DeleteBucket", 404, "DELETE /$bucket-two"),
  step("PutObject", 200, "PUT /$bucket/a%20%26%20b/c", { body: "1" }),
  step("PutObject", 200, "PUT /$bucket/z%3C%3E", { body: "22" }),
  step("ListObjects", 200, "GET /$bucket"),
  step("ListObjects", 200, "GET /$bucket/?max-keys=1&delimiter=%2F"),
  step("ListObjectsV2", 200, "GET /$bucket?list-type=2&encoding-type=url&prefix=a%20"),
  step("ListObjectsV2", 400, "GET /$bucket?list-type=2&max-keys=many"),
  step("DeleteBucket", 409, "DELETE /$bucket"),
  step("GetBucketAcl", 200, "GET /$bucket?acl"),
  step("PutBucketAcl", 200, "PUT /$bucket?acl", { headers: [["x-amz-acl", "public-read"]] }),
  ...DOCUMENTS.flatMap(([name, query, body]) => [
    step(`Get${name}`, 404, `GET /$bucket?${query}`),
    step(`Put${name}`, /Policy|BucketTagging/.test(name) ? 204 : 200, `PUT /$bucket?${query}`, {
      body,
    }),
    step(`Get${name}`, 200, `GET /$bucket?${query}`),
    ...(name === "BucketCors" ? preflights() : []),
    step(`Delete${name}`, 204, `DELETE /$bucket?${query}`),
  ]),
  step("PutBucketNotificationConfiguration", 200, "PUT /$bucket?notification", {
    body: "<NotificationConfiguration></NotificationConfiguration>",
  }),
  step("GetBucketEncryption", 200, "GET /$bucket?encryption"),
]);

function preflights(): readonly Step[] {
  const asked: Step["headers"] = [
    ["origin", "https://a.example"],
    ["access-control-request-method", "GET"],
    ["access-control-request-headers", "range,x-amz-date"],
  ];
  return [
    step("Preflight", 200, "OPTIONS /$bucket/key", { headers: asked }),
    step("Preflight", 403, "OPTIONS /$bucket/key", {
      headers: [["origin", "https://b.example"], ["access-control-request-method", "GET"]],
    }),
    step("Preflight", 400, "OPTIONS /$bucket/key"),
    step("GetObject", 200, "GET /$bucket/z%3C%3E", {
      headers: [["origin", "https://a.example"]],
    }),
  ];
}

history("what the origin has not learnt, or nobody has invented,", [
  step("PutObject", 200, "PUT /$bucket/key", { body: "text" }),
  step("GetObjectTorrent", 501, "GET /$bucket/key?torrent"),
  step("SelectObjectContent", 501, "POST /$bucket/key?select&select-type=2", { body: "<S/>" }),
  step("RenameObject", 501, "PUT /$bucket/new?renameObject", {
    body: "",
    headers: [["x-amz-rename-source", "/$bucket/key"]],
  }),
  step("GetBucketPolicyStatus", 501, "GET /$bucket?policyStatus"),
  step("CreateSession", 501, "GET /$bucket?session"),
  step("Unknown", 501, "PATCH /$bucket/key", { body: "x" }),
  step("Unknown", 405, "POST /$bucket/key?feature-of-tomorrow", { body: "<Tomorrow/>" }),
  step("Unknown", 405, "POST /"),
  step("Unknown", 405, "DELETE /?feature-of-tomorrow"),
  step("GetObject", 200, "GET /$bucket/key?feature-of-tomorrow=1"),
]);
