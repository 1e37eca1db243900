/**
 * The body of a request: verified on its way in, framed anew on its way up.
 *
 * A client's trailer goes up with the body. S3 stores its checksum beside the object, and
 * refuses a part without it where the upload was created with a checksum algorithm.
 *
 * @module
 */
import {
  framedBody,
  outgoingContentEncoding,
  type Payload,
  STREAMING_UNSIGNED_TRAILER,
  UNSIGNED_PAYLOAD,
  verifiedBody,
  type VerifiedSignature,
  type VerifiedTrailer,
} from "@s3-edge-cache/auth";
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";
import type { FormPayload, RawRequest, Upload } from "./request.ts";

/** What an upload is to the upstream client. */
export interface UpstreamBody {
  /** The bytes as they go up; `null` for none. */
  readonly stream: ReadableStream<Uint8Array> | null;
  /** Their number; `undefined` where there is no body at all. */
  readonly contentLength: number | undefined;
  /** What the proxy's signature says of them; `undefined` for a form, which carries its own. */
  readonly payloadHash: string | undefined;
  /** The request's fields with those of its framing. */
  readonly headers: readonly HeaderPair[];
}

/** SHA-256 of nothing: what most clients sign a request without a body with. */
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * The body of a verified request.
 *
 * @param raw The request.
 * @param signature What its signature says.
 * @returns The upload, or `undefined` for a request without a body.
 * @throws {S3Error} MissingContentLength for a body of unknown length, unless it is aws-chunked and
 * says how long it is decoded; for an empty body whatever is wrong with it.
 */
export async function createUpload(
  raw: RawRequest,
  signature: VerifiedSignature,
): Promise<Upload | undefined> {
  const { payload } = signature;
  const announced = raw.headers.get("content-length");
  if (announced !== undefined) {
    return { ...await verifiedBody(raw.body, signature, Number(announced)), payload };
  }
  if (raw.headers.has("transfer-encoding")) {
    return { ...await verifiedBody(raw.body, signature, undefined), payload };
  }
  const bodyless = payload.kind === "unsigned" ||
    (payload.kind === "sha256" && payload.hash === EMPTY_SHA256);
  if (bodyless) return undefined;
  return { ...await verifiedBody(raw.body, signature, 0), payload };
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
  if (upload === undefined) {
    return {
      stream: null,
      contentLength: undefined,
      payloadHash: UNSIGNED_PAYLOAD,
      headers: fields,
    };
  }
  const { stream, length, trailer, payload } = upload;
  if (trailer !== undefined) return framedUpload(upload, trailer, fields);
  return {
    stream: length === 0 ? null : stream,
    contentLength: length,
    payloadHash: upstreamHash(payload),
    headers: fields,
  };
}

function upstreamHash(payload: Payload | FormPayload): string | undefined {
  if (payload.kind === "form") return undefined;
  return payload.kind === "sha256" ? payload.hash : UNSIGNED_PAYLOAD;
}

function framedUpload(
  { stream, length }: Upload,
  trailer: VerifiedTrailer,
  fields: readonly HeaderPair[],
): UpstreamBody {
  const encodings = fields.filter(([name]) => name === "content-encoding");
  const encoding = outgoingContentEncoding(encodings.map(([, value]) => value).join(","), true);
  return {
    ...framedBody(stream, length, trailer),
    payloadHash: STREAMING_UNSIGNED_TRAILER,
    headers: [
      ...fields.filter(([name]) => name !== "content-encoding"),
      ["content-encoding", encoding!],
      ["x-amz-decoded-content-length", String(length)],
      ["x-amz-trailer", trailer.name],
    ],
  };
}
