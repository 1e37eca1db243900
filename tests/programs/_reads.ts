/**
 * What a read of a state must be answered with, said once more and as simply as it can be.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer, TestRequest } from "../_client.ts";
import { serialOf, type State } from "./_history.ts";

/** How an object is asked for. */
export interface ReadShape {
  readonly method: "GET" | "HEAD";
  /** The value of Range; `undefined` for the whole. */
  readonly range: readonly [first: number | undefined, last: number | undefined] | undefined;
  /** A condition on one of the ETags that the object had. */
  readonly condition: "if-match" | "if-none-match" | "if-range" | undefined;
  /** Whether the answer's type is asked to be another. */
  readonly override: boolean;
  /** What the request says to caches on its way. */
  readonly directive: "no-cache" | "no-store" | undefined;
}

/** The type that an override asks for. */
const OVERRIDDEN = "text/overridden";

/** The request that asks so; `etag` is what its condition names. */
export function readRequest(target: string, shape: ReadShape, etag: string): TestRequest {
  const headers: HeaderPair[] = [];
  if (shape.range !== undefined) headers.push(["range", rangeText(shape.range)]);
  if (shape.condition !== undefined) headers.push([shape.condition, etag]);
  if (shape.directive !== undefined) headers.push(["cache-control", shape.directive]);
  const query = shape.override ? `response-content-type=${encodeURIComponent(OVERRIDDEN)}` : "";
  const joined = target.includes("?") ? `${target}&${query}` : `${target}?${query}`;
  return { method: shape.method, target: query === "" ? target : joined, headers };
}

function rangeText([first, last]: NonNullable<ReadShape["range"]>): string {
  return `bytes=${first ?? ""}-${last ?? ""}`;
}

/** Whether an answer is right for a state. */
export function isAnswerOf(answer: Answer, state: State, shape: ReadShape, etag: string): boolean {
  const wanted = expected(state, shape, etag);
  if (answer.status !== wanted.status) return false;
  if (state === undefined || wanted.status === 412 || wanted.status === 416) return true;
  if (answer.header("etag") !== state.etag) return false;
  if (wanted.status === 304) return true;
  const fields: Record<string, string | undefined> = {
    "x-amz-meta-serial": serialOf(state),
    "x-amz-tagging-count": state.tags.length === 0 ? undefined : String(state.tags.length),
    "content-length": String(wanted.body!.length),
    "content-range": wanted.contentRange,
  };
  if (shape.override) fields["content-type"] = OVERRIDDEN;
  if (Object.entries(fields).some(([name, value]) => answer.header(name) !== value)) return false;
  return shape.method === "HEAD" || Buffer.compare(answer.body, wanted.body!) === 0;
}

interface Expected {
  readonly status: number;
  readonly body?: Uint8Array;
  readonly contentRange?: string | undefined;
}

function expected(state: State, { range, condition }: ReadShape, etag: string): Expected {
  if (state === undefined) return { status: 404 };
  const { body } = state;
  const matches = state.etag === etag;
  if (condition === "if-match" && !matches) return { status: 412 };
  if (condition === "if-none-match" && matches) return { status: 304 };
  if (range === undefined || (condition === "if-range" && !matches)) return { status: 200, body };
  const size = body.length;
  const [from, to] = range;
  if (from === undefined && size === 0) return { status: 200, body };
  const first = from ?? Math.max(size - to!, 0);
  const last = from === undefined ? size - 1 : Math.min(to ?? Infinity, size - 1);
  if (first >= size) return { status: 416 };
  return {
    status: 206,
    body: body.subarray(first, last + 1),
    contentRange: `bytes ${first}-${last}/${size}`,
  };
}
