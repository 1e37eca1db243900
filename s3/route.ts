/**
 * From a request to the operation it names and the object it names it for.
 *
 * A row of the table matches a request that has exactly its distinguishing parameters: a
 * request with another one, known or not, may mean something else to the origin, and is
 * `Unknown`. So the order of the rows does not matter, and a request is never taken for a
 * harmless one because of a parameter added to it.
 *
 * @module
 */
import type { HeaderList } from "./header_list.ts";
import {
  type HeaderMark,
  type Operation,
  type OperationLevel,
  OPERATIONS,
  unknownOperation,
} from "./operation.ts";
import type { Query } from "./query.ts";
import type { RequestTarget } from "./request_target.ts";

/** What a request asks for. */
export interface Route {
  /** The operation; its name is `Unknown` where no row of the table matches. */
  readonly operation: Operation;
  /** The bucket, canonically spelled; empty for the service itself. */
  readonly bucket: string;
  /** The key in its canonical spelling; empty for a bucket or the service. */
  readonly key: string;
  /** The version asked for, decoded; `undefined` for the current one. */
  readonly versionId: string | undefined;
}

/** Parameters that shape an operation without naming another one. */
const MODIFIERS: ReadonlySet<string> = new Set([
  "bucket-region",
  "continuation-token",
  "delimiter",
  "encoding-type",
  "fetch-owner",
  "key-marker",
  "marker",
  "max-buckets",
  "max-keys",
  "max-parts",
  "max-uploads",
  "part-number-marker",
  "prefix",
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
  "start-after",
  "upload-id-marker",
  "version-id-marker",
  "versionId",
  "x-id",
]);

/** Distinguishing parameters that mean nothing without a value. */
const VALUED: ReadonlySet<string> = new Set([
  "id",
  "list-type",
  "partNumber",
  "select-type",
  "uploadId",
]);

/** `partNumber` names a part of an upload when writing, and shapes the answer when reading. */
const READS_PARTS: ReadonlySet<string> = new Set(["GET object", "HEAD object"]);

const BY_MARKS: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [signature(operation), operation]),
);

const HEADER_MARKS: ReadonlyMap<string, readonly HeaderMark[]> = Map.groupBy(
  OPERATIONS.flatMap(({ method, level, header }) =>
    header === undefined ? [] : [{ ...header, place: `${method} ${level}` }]
  ),
  (mark) => mark.place,
);

const GET_OBJECT = BY_MARKS.get("GET object ")!;

/**
 * Finds the operation that a request names.
 *
 * @param method The method in upper case.
 * @param target What the request addresses.
 * @param headers The request's header fields.
 * @throws {S3Error} InvalidURI if the `versionId` is not well percent-encoded.
 *
 * @example
 * ```ts
 * import { HeaderList, parseRequestTarget, routeOperation } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const headers = new HeaderList([["host", "localhost"]]);
 * const target = parseRequestTarget({ method: "PUT", target: "/photos/a.jpg?tagging", headers });
 * const route = routeOperation("PUT", target, headers);
 * assert.equal(route.operation.name, "PutObjectTagging");
 * assert.equal(route.operation.invalidates, "object");
 * ```
 */
export function routeOperation(method: string, target: RequestTarget, headers: HeaderList): Route {
  const { bucket, key, query } = target;
  if (method === "GET" && key !== "" && query.parameters.length === 0) {
    return { operation: GET_OBJECT, bucket, key, versionId: undefined };
  }
  const level = key !== "" ? "object" : bucket !== "" ? "bucket" : "service";
  return {
    operation: findOperation(method, level, query, headers) ?? unknownOperation(method, level),
    bucket,
    key,
    versionId: query.get("versionId"),
  };
}

function findOperation(
  method: string,
  level: OperationLevel,
  query: Query,
  headers: HeaderList,
): Operation | undefined {
  const place = `${method} ${level}`;
  const headerMarks = HEADER_MARKS.get(place) ?? [];
  const marks = new Set<string>();
  for (const { name, rawValue } of query.parameters) {
    if (MODIFIERS.has(name) || (name === "partNumber" && READS_PARTS.has(place))) continue;
    if (/^x-amz-/i.test(name)) {
      const field = name.toLowerCase();
      if (headerMarks.some((mark) => mark.name === field)) marks.add(`${field}:`);
      continue;
    }
    if (marks.has(name) || (rawValue === "" && VALUED.has(name))) return undefined;
    marks.add(name);
  }
  for (const { name, valuePrefix } of headerMarks) {
    if (headers.get(name)?.toLowerCase().startsWith(valuePrefix)) marks.add(`${name}:`);
  }
  return BY_MARKS.get(`${place} ${[...marks].sort().join("&")}`);
}

/** What `findOperation` collects from a request that names this operation. */
function signature({ method, level, query, header }: Operation): string {
  const marks = header === undefined ? query : [...query, `${header.name}:`];
  return `${method} ${level} ${marks.toSorted().join("&")}`;
}
