/**
 * From a request to its answer.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { checkAccess } from "./access.ts";
import { type Answer, errorAnswer, type RequestIds } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import type { CallRecord } from "./calls.ts";
import { withCorsFields } from "./cors.ts";
import { OriginError } from "./error.ts";
import type { WireRequest } from "./http_connection.ts";
import { keyBytes } from "./keys.ts";
import type { OriginRequest } from "./origin_request.ts";
import type { Routed } from "./routed.ts";
import type { State } from "./state.ts";

/** Most bytes of header fields and query together. */
const MAX_HEADER_SECTION = 8 * 1024;

/** A request about to be answered. */
export interface Errand {
  /** The request. */
  readonly request: WireRequest;
  /** Its record; bytes that arrive are counted in it. */
  readonly call: CallRecord;
  /** Where it goes, or why it goes nowhere. */
  readonly routed: Routed | S3Error;
  /** What it is named by. */
  readonly ids: RequestIds;
}

/**
 * Answers a request with what it asks for, or with an error.
 *
 * @param state What the origin holds.
 * @param errand The request.
 */
export async function answerOf(state: State, errand: Errand): Promise<Answer> {
  const { head } = errand.request;
  const bucket = () => state.buckets.get(errand.call.bucket);
  const origin = head.headers.get("origin");
  try {
    return withCorsFields(await carryOut(state, errand), head.method, origin, bucket());
  } catch (error) {
    if (!(error instanceof OriginError || error instanceof S3Error)) throw error;
    return withCorsFields(errorAnswer(error, errand.ids), head.method, origin, bucket());
  }
}

async function carryOut(state: State, { request, call, routed }: Errand): Promise<Answer> {
  const { head } = request;
  checkHead(request, call);
  const progress = (bytes: number) => void (call.receivedBytes += bytes);
  if (routed instanceof S3Error) {
    await request.readBody(progress);
    throw routed;
  }
  const { raw, target, operation } = routed;
  const authenticated = await authenticate(request, raw, state.options, progress);
  if (operation === undefined) throw unknownOperation(head.method);
  if (operation.handler === undefined) throw new OriginError("NotImplemented");
  const verified: OriginRequest = {
    method: head.method,
    headers: head.headers,
    query: target.query,
    bucket: target.bucket,
    key: keyBytes(target.key),
    ...authenticated,
  };
  checkAccess(verified, operation.name, state);
  return operation.handler(verified, state);
}

/** What S3 does not even look at. */
function checkHead({ head }: WireRequest, { operation }: CallRecord): void {
  const path = head.target.split("?")[0]!;
  if (head.raw.length - path.length > MAX_HEADER_SECTION) {
    throw new OriginError("RequestHeaderSectionTooLarge", {
      details: { MaxSizeAllowed: String(MAX_HEADER_SECTION) },
    });
  }
  const needsLength = operation === "PutObject" || operation === "UploadPart";
  const { kind } = head.length;
  if (kind === "chunked" || (kind === "none" && needsLength)) {
    throw new OriginError("MissingContentLength");
  }
}

/** What S3 says to a request that is none of its operations. */
function unknownOperation(method: string): OriginError {
  const known = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"].includes(method);
  if (!known) return new OriginError("NotImplemented");
  return new OriginError("MethodNotAllowed", { details: { Method: method } });
}
