/**
 * The proxy's own access log as a trace: one JSON object a line.
 *
 * @module
 */
import { OPERATIONS } from "@s3-edge-cache/s3";
import { type SimOperation, type SimRequest, simRequest } from "../workload/sim_request.ts";
import type { LineReader } from "./lines.ts";
import { traceError } from "./trace_error.ts";

/** What is read of a line. */
interface LoggedRequest {
  /** When it came, as in ISO 8601. */
  readonly time: unknown;
  /** Amazon's name of the operation. */
  readonly operation: unknown;
  /** The bucket. */
  readonly bucket?: unknown;
  /** The key. */
  readonly key?: unknown;
  /** The version that was asked for. */
  readonly version?: unknown;
  /** The range that was asked for. */
  readonly range?: unknown;
  /** The status of the answer. */
  readonly status: unknown;
  /** Bytes of the answer's body. */
  readonly bytes: unknown;
}

/** Operations that change the object that they address. */
const WRITES: ReadonlySet<string> = new Set(
  OPERATIONS.filter(({ invalidates }) => /object|form-key/.test(invalidates)).map(({ name }) =>
    name
  ),
);

/**
 * Reads lines. What neither reads nor changes an object is passed over, and so are reads that
 * failed. A part of an object, as of a 206, is taken for an object of its own, and an answer without a body,
 * as a 304, for a HEAD: what its object's size is, nobody said.
 */
export function accessLogReader(path: string): LineReader {
  return (bytes, start, end, line) => {
    const place = `line ${line}`;
    const fields = parseLine(bytes.toString("utf8", start, end), path, place);
    const { operation, bucket, key, version, range, status } = fields;
    const what = operationOf(String(operation), Number(status));
    if (what === undefined || typeof bucket !== "string" || typeof key !== "string") {
      return undefined;
    }
    const time = Date.parse(String(fields.time));
    if (Number.isNaN(time)) throw wrong("time", "a date as in ISO 8601", fields.time, path, place);
    const size = fields.bytes;
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
      throw wrong("bytes", "a whole number", size, path, place);
    }
    const part = Number(status) === 206 ? ` ${range}` : "";
    const name = `${bucket}/${key}${typeof version === "string" ? `?versionId=${version}` : ""}`;
    return simRequest(time, what, name + part, what === "read" ? size : 0);
  };
}

/** Writes a request as a line, without its line break. */
export function accessLogLine({ time, operation, key, size }: SimRequest): string {
  const slash = key.indexOf("/");
  const named = slash < 0
    ? { bucket: "bucket", key }
    : { bucket: key.slice(0, slash), key: key.slice(slash + 1) };
  const names = {
    read: "GetObject",
    head: "HeadObject",
    write: "PutObject",
    delete: "DeleteObject",
  };
  return JSON.stringify({
    time: new Date(time).toISOString(),
    operation: names[operation],
    ...named,
    status: operation === "delete" ? 204 : 200,
    bytes: operation === "read" ? size : 0,
  });
}

function operationOf(name: string, status: number): SimOperation | undefined {
  if (name === "GetObject") return status === 200 || status === 206 ? "read" : noBody(status);
  if (name === "HeadObject") return status === 200 ? "head" : noBody(status);
  if (name.startsWith("Delete") && WRITES.has(name)) return "delete";
  return WRITES.has(name) ? "write" : undefined;
}

function noBody(status: number): SimOperation | undefined {
  return status === 304 ? "head" : undefined;
}

function parseLine(text: string, path: string, place: string): LoggedRequest {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields === "object" && fields !== null) return fields as LoggedRequest;
  } catch {
    // Said below.
  }
  throw traceError(path, "allowed: one JSON object a line", place);
}

function wrong(field: string, allowed: string, value: unknown, path: string, place: string) {
  return traceError(path, `${field} ${JSON.stringify(value)}; allowed: ${allowed}`, place);
}
