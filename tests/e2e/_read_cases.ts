/**
 * Requests that change nothing, one for each way of asking that S3 knows.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { TestRequest } from "../_client.ts";

/** A request of an object: the rest of the raw target behind the key, and header fields. */
export interface ObjectCase {
  readonly name: string;
  readonly method?: string;
  readonly query?: string;
  readonly headers?: readonly HeaderPair[];
  /** Which object is asked for; `plain` if not given. */
  readonly object?: ObjectKind;
  /** Whether the cache answers once it holds the object. */
  readonly hit?: boolean;
}

/** The objects that the suite makes. */
export type ObjectKind = "plain" | "gzip" | "empty" | "missing";

/** The text of a plain object. */
export const PLAIN_TEXT = "The quick brown fox jumps over the lazy dog.";

const PAST = "Thu, 01 Jan 2015 00:00:00 GMT";
const FUTURE = "Tue, 01 Jan 2097 00:00:00 GMT";
const OTHER_ETAG = '"00000000000000000000000000000000"';

/** Every case of reading an object; `etag` is that of a plain object. */
export function objectCases(etag: string): readonly ObjectCase[] {
  return [
    ...plainCases(),
    ...rangeCases(etag),
    ...conditionCases(etag),
    ...overrideCases(),
    ...subResourceCases(),
  ];
}

function plainCases(): ObjectCase[] {
  return [
    { name: "GetObject", hit: true },
    { name: "GetObject with x-id", query: "x-id=GetObject", hit: true },
    { name: "HeadObject", method: "HEAD", hit: true },
    { name: "GetObject of gzip", object: "gzip", hit: true },
    {
      name: "GetObject of gzip, identity accepted",
      object: "gzip",
      headers: [["accept-encoding", "identity"]],
      hit: true,
    },
    { name: "HeadObject of gzip", method: "HEAD", object: "gzip", hit: true },
    { name: "GetObject of no bytes", object: "empty", hit: true },
    { name: "HeadObject of no bytes", method: "HEAD", object: "empty", hit: true },
    { name: "GetObject, NoSuchKey", object: "missing" },
    { name: "HeadObject, not found", method: "HEAD", object: "missing" },
    { name: "GetObject, checksum mode", headers: [["x-amz-checksum-mode", "ENABLED"]] },
    {
      name: "HeadObject, checksum mode",
      method: "HEAD",
      headers: [["x-amz-checksum-mode", "ENABLED"]],
    },
    { name: "GetObject of version null", query: "versionId=null" },
    { name: "GetObject of a version that is not one", query: "versionId=nonsense" },
    { name: "GetObject of a part", query: "partNumber=1" },
    { name: "GetObject of a part that is not there", query: "partNumber=2" },
    { name: "HeadObject of a part", method: "HEAD", query: "partNumber=1" },
    { name: "GetObject with an Origin", headers: [["origin", "https://app.example"]] },
    { name: "a method that S3 does not know", method: "PATCH" },
  ];
}

function rangeCases(etag: string): ObjectCase[] {
  const range = (value: string, ...others: HeaderPair[]): ObjectCase => ({
    name: [`GetObject, range ${value}`, ...others.map((pair) => pair.join(" "))].join(", "),
    headers: [["range", value], ...others],
    hit: true,
  });
  return [
    range("bytes=0-9"),
    range("bytes=4-4"),
    range("bytes=10-"),
    range("bytes=-5"),
    range("bytes=-1000"),
    range("bytes=0-1000"),
    range("bytes=0-"),
    range("bytes=44-"),
    range("bytes=1000-2000"),
    range("bytes=-0"),
    range("bytes=9-4"),
    range("bytes=a-b"),
    range("bytes=0-1,3-4"),
    range("lines=0-1"),
    range("bytes=0-9", ["if-match", etag]),
    range("bytes=0-9", ["if-match", OTHER_ETAG]),
    range("bytes=0-9", ["if-none-match", etag]),
    range("bytes=1000-", ["if-match", OTHER_ETAG]),
    { ...range("bytes=0-9"), name: "HeadObject, range", method: "HEAD" },
    { ...range("bytes=99-"), name: "HeadObject, range past the end", method: "HEAD" },
    { ...range("bytes=0-9"), name: "GetObject of no bytes, range", object: "empty" },
    { ...range("bytes=0-9"), name: "GetObject of gzip, range", object: "gzip" },
    { ...range("bytes=0-9"), name: "GetObject, range, NoSuchKey", object: "missing", hit: false },
  ];
}

function conditionCases(etag: string): ObjectCase[] {
  const given = (...headers: HeaderPair[]): ObjectCase[] =>
    ["GET", "HEAD"].map((method) => ({
      name: `${method}, ${headers.map((pair) => pair.join(" ")).join(", ")}`,
      method,
      headers,
      hit: true,
    }));
  return [
    ...given(["if-match", etag]),
    ...given(["if-match", OTHER_ETAG]),
    ...given(["if-match", "*"]),
    ...given(["if-none-match", etag]),
    ...given(["if-none-match", OTHER_ETAG]),
    ...given(["if-none-match", "*"]),
    ...given(["if-modified-since", PAST]),
    ...given(["if-modified-since", FUTURE]),
    ...given(["if-modified-since", "yesterday"]).map((each) => ({ ...each, hit: false })),
    ...given(["if-unmodified-since", PAST]),
    ...given(["if-unmodified-since", FUTURE]),
    ...given(["if-match", etag], ["if-unmodified-since", PAST]),
    ...given(["if-none-match", etag], ["if-modified-since", PAST]),
    ...given(["if-none-match", OTHER_ETAG], ["if-modified-since", FUTURE]),
    ...given(["if-match", etag], ["if-none-match", etag]),
  ];
}

function overrideCases(): ObjectCase[] {
  const overrides: Record<string, string> = {
    "response-content-type": "text%2Fcsv",
    "response-content-language": "de",
    "response-expires": "Thu%2C%2001%20Dec%202033%2016%3A00%3A00%20GMT",
    "response-cache-control": "no-cache",
    "response-content-disposition": "attachment%3B%20filename%3D%22a%20b.txt%22",
    "response-content-encoding": "br",
  };
  const pairs = Object.entries(overrides).map((pair) => pair.join("="));
  const single = pairs.map((query) => ({ name: `GetObject, ${query}`, query, hit: true }));
  const query = pairs.join("&");
  return [
    ...single,
    { name: "GetObject, every override", query, hit: true },
    { name: "HeadObject, every override", method: "HEAD", query, hit: true },
    {
      name: "GetObject, override and range",
      query: pairs[0]!,
      headers: [["range", "bytes=0-9"]],
      hit: true,
    },
  ];
}

function subResourceCases(): ObjectCase[] {
  const attributes = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize";
  return [
    { name: "GetObjectTagging", query: "tagging" },
    { name: "GetObjectTagging, NoSuchKey", query: "tagging", object: "missing" },
    { name: "GetObjectAcl", query: "acl" },
    { name: "GetObjectLegalHold", query: "legal-hold" },
    { name: "GetObjectRetention", query: "retention" },
    { name: "GetObjectTorrent", query: "torrent" },
    {
      name: "GetObjectAttributes",
      query: "attributes",
      headers: [["x-amz-object-attributes", attributes]],
    },
    { name: "GetObjectAttributes, none named", query: "attributes" },
    {
      name: "GetObjectAttributes, NoSuchKey",
      query: "attributes",
      headers: [["x-amz-object-attributes", "ETag"]],
      object: "missing",
    },
    { name: "ListParts, NoSuchUpload", query: "uploadId=00000000-0000-0000-0000-000000000000" },
    { name: "GetObject with a parameter nobody knows", query: "tomorrow=1" },
  ];
}

const BUCKET_QUERIES = [
  "",
  "location",
  "versioning",
  "acl",
  "cors",
  "policy",
  "policyStatus",
  "tagging",
  "lifecycle",
  "encryption",
  "replication",
  "website",
  "logging",
  "notification",
  "accelerate",
  "requestPayment",
  "ownershipControls",
  "publicAccessBlock",
  "object-lock",
  "analytics",
  "analytics&id=a",
  "inventory",
  "inventory&id=a",
  "metrics",
  "metrics&id=a",
  "intelligent-tiering",
  "intelligent-tiering&id=a",
  "uploads",
  "uploads&prefix=up&max-uploads=1",
  "uploads&delimiter=%2F",
  "versions",
  "versions&prefix=tree%2F&delimiter=%2F",
  "versions&max-keys=2",
  "prefix=tree%2F&delimiter=%2F",
  "max-keys=2",
  "max-keys=2&marker=tree%2F",
  "max-keys=0",
  "max-keys=-1",
  "max-keys=many",
  "encoding-type=url",
  "encoding-type=none",
  "list-type=2",
  "list-type=2&prefix=tree%2F&delimiter=%2F",
  "list-type=2&max-keys=2",
  "list-type=2&max-keys=2&start-after=tree%2F",
  "list-type=2&continuation-token=nonsense",
  "list-type=2&fetch-owner=true&encoding-type=url",
  "list-type=3",
  "abac",
  "session",
  "tomorrow=1",
];

/** Every case of reading what a bucket or the service knows. */
export function bucketCases(bucket: string): readonly (TestRequest & { readonly name: string })[] {
  const missing = `${bucket}-missing`;
  return [
    ...BUCKET_QUERIES.map((query) => ({ name: `?${query}`, target: `/${bucket}?${query}` })),
    ...["", "list-type=2", "location", "acl", "tagging", "policy", "versions", "uploads"].map(
      (query) => ({ name: `NoSuchBucket ?${query}`, target: `/${missing}?${query}` }),
    ),
    { name: "HeadBucket", method: "HEAD", target: `/${bucket}` },
    { name: "HeadBucket, slash at the end", method: "HEAD", target: `/${bucket}/` },
    { name: "HeadBucket, not found", method: "HEAD", target: `/${missing}` },
    { name: "GetObject, NoSuchBucket", target: `/${missing}/key` },
    { name: "HeadObject, no such bucket", method: "HEAD", target: `/${missing}/key` },
    { name: "a bucket's name that can't be one", target: "/A_b?location" },
    { name: "ListBuckets", target: "/" },
    { name: "ListBuckets with a prefix", target: "/?prefix=diff&max-buckets=1" },
    ...["https://app.example", "https://other.example"].map((origin) => ({
      name: `preflight from ${origin}`,
      method: "OPTIONS",
      target: `/${bucket}/key`,
      unsigned: true,
      headers: [["origin", origin], ["access-control-request-method", "GET"]] as HeaderPair[],
    })),
  ];
}
