/**
 * Which operation a request is, by Amazon's API Reference: one table of the sub-resources that
 * name an operation, one of what a method means without any.
 *
 * @module
 */
import type { HeaderList, Query } from "@s3-edge-cache/s3";
import type { Answer } from "./answer.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./buckets.ts";
import { deleteObject, deleteObjects } from "./delete_object.ts";
import { getObject } from "./get_object.ts";
import { listObjects, listObjectsV2 } from "./list_objects.ts";
import type { OriginRequest } from "./origin_request.ts";
import { putObject } from "./put_object.ts";
import type { State } from "./state.ts";

/** What an operation does: synchronous, so that each is atomic. */
export type Handler = (request: OriginRequest, state: State) => Answer;

/** An operation of S3's. */
export interface Operation {
  /** Amazon's name. */
  readonly name: string;
  /** What it does; `undefined` where the origin has not learnt it. */
  readonly handler: Handler | undefined;
}

/** Operations by `METHOD level`, or `METHOD level?sub-resource`. */
const OPERATIONS: Readonly<Record<string, readonly [name: string, handler: Handler | undefined]>> =
  {
    "GET service": ["ListBuckets", listBuckets],
    "GET bucket": ["ListObjects", listObjects],
    "GET bucket?list-type": ["ListObjectsV2", listObjectsV2],
    "GET bucket?location": ["GetBucketLocation", getBucketLocation],
    "GET bucket?versioning": ["GetBucketVersioning", getBucketVersioning],
    "HEAD bucket": ["HeadBucket", headBucket],
    "PUT bucket": ["CreateBucket", createBucket],
    "PUT bucket?versioning": ["PutBucketVersioning", putBucketVersioning],
    "DELETE bucket": ["DeleteBucket", deleteBucket],
    "POST bucket?delete": ["DeleteObjects", deleteObjects],
    "GET object": ["GetObject", getObject],
    "HEAD object": ["HeadObject", getObject],
    "PUT object": ["PutObject", putObject],
    "DELETE object": ["DeleteObject", deleteObject],
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
  for (const { name } of place.query.parameters) {
    const found = OPERATIONS[`${plain}?${name}`];
    if (found !== undefined) return { name: found[0], handler: found[1] };
  }
  const found = OPERATIONS[plain];
  return found === undefined ? undefined : { name: found[0], handler: found[1] };
}
