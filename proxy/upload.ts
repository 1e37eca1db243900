/**
 * The body of a request: verified on its way in, framed anew on its way up.
 *
 * A client's trailer goes up with the body. S3 stores its checksum beside the object, and
 * refuses a part without it where the upload was created with a checksum algorithm.
 *
 * @module
 */
import {
  EMPTY_SHA256,
  outgoingBody,
  type Payload,
  UNSIGNED_PAYLOAD,
  verifiedBody,
  type VerifiedSignature,
} from "@s3-edge-cache/auth";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import type { UpstreamRequest } from "@s3-edge-cache/upstream";
import { withinIdleTime } from "./idle_limit.ts";
import type { RawRequest, Upload } from "./request.ts";

/** What an upload is to the upstream client. */
export interface UpstreamBody {
  /** Gives the bytes as they go up; `null` for none. */
  readonly body: UpstreamRequest["body"];
  /** Their number; `undefined` where there is no body at all. */
  readonly contentLength: number | undefined;
  /** What the proxy's signature says of them; `undefined` for a form, which carries its own. */
  readonly payloadHash: string | undefined;
  /** The request's fields with those of its framing. */
  readonly headers: readonly HeaderPair[];
}

/**
 * The body of a verified request.
 *
 * @param raw The request.
 * @param signature What its signature says.
 * @param idleMs Longest silence of the client within its body, in milliseconds.
 * @returns The upload, or `undefined` for a request without a body.
 * @throws {S3Error} InvalidRequest for a length that is none; MissingContentLength for a body of
 * unknown length, unless it is aws-chunked and says how long it is decoded; for an empty body
 * whatever is wrong with it.
 */
export function createUpload(
  raw: RawRequest,
  signature: VerifiedSignature,
  idleMs: number,
): Promise<Upload> | undefined {
  const { payload } = signature;
  const length = announcedLength(raw);
  if (length === undefined && raw.body === null && isEmpty(payload)) return undefined;
  const body = raw.body === null ? null : withinIdleTime(raw.body, idleMs);
  const framed = raw.headers.has("transfer-encoding");
  return verifiedBody(body, signature, length ?? (framed ? undefined : 0))
    .then((verified) => ({ ...verified, payload }));
}

function announcedLength({ headers }: RawRequest): number | undefined {
  const value = headers.get("content-length");
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw new S3Error("InvalidRequest", { message: "Content-Length must be one number of bytes." });
  }
  return Number(value);
}

/** Whether a signature has nothing against an empty body. */
function isEmpty(payload: Payload): boolean {
  return payload.kind === "unsigned" ||
    (payload.kind === "sha256" && payload.hash === EMPTY_SHA256);
}

/**
 * An upload as it goes up: plain, or with the client's trailer behind it.
 *
 * @param upload The upload, if there is one.
 * @param fields The request's fields, those of the client's own framing left out.
 */
export function upstreamBody(
  upload: Upload | undefined,
  fields: readonly HeaderPair[],
): UpstreamBody {
  if (upload === undefined) return { ...NO_BODY, headers: fields };
  const { stream, length, payload } = upload;
  if (payload.kind === "form") {
    return { body: () => stream, contentLength: length, payloadHash: undefined, headers: fields };
  }
  const { open, contentLength, payloadHash, headers } = outgoingBody(upload, payload);
  return {
    body: contentLength === 0 ? null : (seed) => open(seed!),
    contentLength,
    payloadHash,
    headers: headers.length === 0 ? fields : [...chunkedFields(fields), ...headers],
  };
}

const NO_BODY = { body: null, contentLength: undefined, payloadHash: UNSIGNED_PAYLOAD };

/** The fields with `aws-chunked` among the content encodings. */
function chunkedFields(fields: readonly HeaderPair[]): readonly HeaderPair[] {
  const values = fields.filter(([name]) => name === "content-encoding").map(([, value]) => value);
  return [
    ...fields.filter(([name]) => name !== "content-encoding"),
    ["content-encoding", ["aws-chunked", ...values.filter((value) => value !== "")].join(",")],
  ];
}
