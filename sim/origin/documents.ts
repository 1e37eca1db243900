/**
 * The settings of a bucket that are documents: stored as they come, given back as they were.
 *
 * @module
 */
import { type Answer, documentAnswer, emptyAnswer, xmlAnswer } from "./answer.ts";
import { requireDigest, verifyDigests } from "./checksums.ts";
import { OriginError, type OriginErrorCode } from "./error.ts";
import type { Handler } from "./handler.ts";
import type { OriginRequest } from "./origin_request.ts";
import { requireBucket, type State } from "./state.ts";
import { childText, readXml } from "./xml.ts";

/** A kind of document. */
interface DocumentKind {
  /** Its sub-resource. */
  readonly name: string;
  /** What the names of its operations end with. */
  readonly operations: string;
  /** The root element of a document; `undefined` for JSON. */
  readonly root: string | undefined;
  /** The error where none is stored; `undefined` where an empty root says so. */
  readonly absent: OriginErrorCode | undefined;
  /** Whether S3 insists on a digest. */
  readonly digest: boolean;
  /** Whether it can be deleted. */
  readonly deletable: boolean;
  /** The status of a PUT. */
  readonly putStatus: 200 | 204;
}

const KINDS: readonly DocumentKind[] = [
  {
    name: "policy",
    operations: "BucketPolicy",
    root: undefined,
    absent: "NoSuchBucketPolicy",
    digest: false,
    deletable: true,
    putStatus: 204,
  },
  kind("cors", "BucketCors", "CORSConfiguration", "NoSuchCORSConfiguration"),
  {
    ...kind(
      "lifecycle",
      "BucketLifecycleConfiguration",
      "LifecycleConfiguration",
      "NoSuchLifecycleConfiguration",
    ),
    digest: true,
  },
  { ...kind("tagging", "BucketTagging", "Tagging", "NoSuchTagSet"), putStatus: 204 },
  kind("encryption", "BucketEncryption", "ServerSideEncryptionConfiguration", undefined),
  kind("website", "BucketWebsite", "WebsiteConfiguration", "NoSuchWebsiteConfiguration"),
  lasting("notification", "BucketNotificationConfiguration", "NotificationConfiguration"),
  lasting("logging", "BucketLogging", "BucketLoggingStatus"),
  kind(
    "ownershipControls",
    "BucketOwnershipControls",
    "OwnershipControls",
    "OwnershipControlsNotFoundError",
  ),
  kind(
    "publicAccessBlock",
    "PublicAccessBlock",
    "PublicAccessBlockConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
  ),
  {
    ...kind(
      "replication",
      "BucketReplication",
      "ReplicationConfiguration",
      "ReplicationConfigurationNotFoundError",
    ),
    digest: true,
  },
  lasting("requestPayment", "BucketRequestPayment", "RequestPaymentConfiguration"),
  lasting("accelerate", "BucketAccelerateConfiguration", "AccelerateConfiguration"),
];

/** Kinds of which a bucket has several, each by its id. */
const NAMED_KINDS: readonly DocumentKind[] = ["Inventory", "Analytics", "Metrics"].map((word) =>
  kind(
    word.toLowerCase(),
    `Bucket${word}Configuration`,
    `${word}Configuration`,
    "NoSuchConfiguration",
  )
).concat(kind(
  "intelligent-tiering",
  "BucketIntelligentTieringConfiguration",
  "IntelligentTieringConfiguration",
  "NoSuchConfiguration",
));

function kind(
  name: string,
  operations: string,
  root: string,
  absent: OriginErrorCode | undefined,
): DocumentKind {
  return { name, operations, root, absent, digest: false, deletable: true, putStatus: 200 };
}

/** A setting that is always there: empty at first, never deleted. */
function lasting(name: string, operations: string, root: string): DocumentKind {
  return { ...kind(name, operations, root, undefined), deletable: false };
}

/** What a setting says before anybody has set it, where that is not nothing. */
const DEFAULTS: Readonly<Record<string, string>> = {
  encryption: "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>" +
    "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
  requestPayment: "<Payer>BucketOwner</Payer>",
};

/** The operations on documents, as rows of the table of operations. */
export function documentOperations(): Record<string, readonly [string, Handler]> {
  const rows: Record<string, readonly [string, Handler]> = {};
  for (const each of KINDS) addRows(rows, each, `bucket?${each.name}`);
  for (const each of NAMED_KINDS) {
    addRows(rows, each, `bucket?${each.name}&id`);
    rows[`GET bucket?${each.name}`] = [`List${each.operations}s`, (request, state) => {
      return listDocuments(each, request, state);
    }];
  }
  return rows;
}

function addRows(
  rows: Record<string, readonly [string, Handler]>,
  each: DocumentKind,
  place: string,
): void {
  rows[`GET ${place}`] = [`Get${each.operations}`, (request, state) => {
    return getDocument(each, request, state);
  }];
  rows[`PUT ${place}`] = [`Put${each.operations}`, (request, state) => {
    return putDocument(each, request, state);
  }];
  if (!each.deletable) return;
  const name = each.name === "lifecycle" ? "BucketLifecycle" : each.operations;
  rows[`DELETE ${place}`] = [`Delete${name}`, (request, state) => {
    const bucket = requireBucket(state, request.bucket);
    if (!bucket.documents.delete(documentName(each, request)) && request.query.has("id")) {
      throw new OriginError("NoSuchConfiguration");
    }
    return emptyAnswer(204);
  }];
}

/** Where a document lies: its sub-resource, with its id if it has one. */
function documentName(each: DocumentKind, request: OriginRequest): string {
  const id = request.query.get("id");
  return id === undefined ? each.name : `${each.name}/${id}`;
}

function getDocument(each: DocumentKind, request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const stored = bucket.documents.get(documentName(each, request));
  if (stored === undefined) {
    if (each.absent !== undefined) {
      throw new OriginError(each.absent, { details: { BucketName: bucket.name } });
    }
    const standing = DEFAULTS[each.name];
    return xmlAnswer(each.root!, standing === undefined ? [] : [standing]);
  }
  const type = each.root === undefined ? "application/json" : "application/xml";
  return { status: 200, headers: [["Content-Type", type]], body: stored, framing: "chunked" };
}

function putDocument(each: DocumentKind, request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  if (each.digest) requireDigest(request.headers, request.trailers);
  verifyDigests(request.headers, request.trailers, request.body);
  if (each.root === undefined) checkPolicy(request.body);
  else {
    const root = readXml(request.body, each.root);
    const id = request.query.get("id");
    if (id !== undefined && childText(root, "Id") !== id) {
      throw new OriginError("InvalidArgument", { details: { ArgumentName: "id" } });
    }
  }
  bucket.documents.set(documentName(each, request), request.body);
  return emptyAnswer(each.putStatus);
}

function checkPolicy(body: Uint8Array): void {
  try {
    const policy: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof policy === "object" && policy !== null && "Statement" in policy) return;
  } catch {
    // What is not JSON is refused below.
  }
  throw new OriginError("MalformedPolicy");
}

function listDocuments(each: DocumentKind, request: OriginRequest, state: State): Answer {
  const bucket = requireBucket(state, request.bucket);
  const decoder = new TextDecoder();
  const found = [...bucket.documents].filter(([name]) => name.startsWith(`${each.name}/`));
  const listed = found.sort(([a], [b]) => a < b ? -1 : 1).map(([, document]) =>
    decoder.decode(document).replace(/^\s*<\?xml[^>]*\?>\s*/, "")
  );
  const xml = `<List${each.operations}sResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
    `<IsTruncated>false</IsTruncated>${listed.join("")}</List${each.operations}sResult>`;
  return documentAnswer(200, xml);
}
