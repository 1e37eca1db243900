/**
 * What a request says of its body.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @module
 */
import { type HeaderList, S3Error } from "@s3-edge-cache/s3";
import { type ChecksumAlgorithm, checksumAlgorithm } from "./checksum.ts";

/** A body that the signature does not cover. */
export interface UnsignedPayload {
  /** Tells the kinds of payload apart. */
  readonly kind: "unsigned";
}

/** A body whose hash the signature covers. */
export interface HashedPayload {
  /** Tells the kinds of payload apart. */
  readonly kind: "sha256";
  /** SHA-256 of the whole body, in lower-case hex. */
  readonly hash: string;
}

/** The trailer that a chunked body ends with. */
export interface Trailer {
  /** The trailer's name, `x-amz-checksum-crc32` for example. */
  readonly name: string;
  /** The checksum that its value is. */
  readonly algorithm: ChecksumAlgorithm;
}

/** A body in aws-chunked framing. */
export interface ChunkedPayload {
  /** Tells the kinds of payload apart. */
  readonly kind: "chunked";
  /** Whether every chunk, and the trailer, carries a signature. */
  readonly signed: boolean;
  /** The trailer that was announced. */
  readonly trailer: Trailer | undefined;
  /** Length of the body without its framing, in bytes. */
  readonly decodedLength: number;
}

/** What a request says of its body. */
export type Payload = UnsignedPayload | HashedPayload | ChunkedPayload;

/** The constant for a body that the signature does not cover. */
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
/** The constant for aws-chunked framing without signatures, with a trailer. */
export const STREAMING_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
/** The constant for aws-chunked framing with signed chunks. */
export const STREAMING_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
/** The constant for aws-chunked framing with signed chunks and a signed trailer. */
export const STREAMING_SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

const UNSIGNED: UnsignedPayload = { kind: "unsigned" };
const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * Reads what a request says of its body.
 *
 * @param value The value of `x-amz-content-sha256`.
 * @param headers The fields of the request.
 * @throws {S3Error} InvalidArgument for a value that S3 does not know, NotImplemented for the
 * forms of Signature Version 4A, MissingContentLength and InvalidArgument for a chunked body
 * whose decoded length is missing or no number, InvalidRequest for a trailer that is no checksum.
 */
export function parsePayload(value: string, headers: HeaderList): Payload {
  switch (value) {
    case UNSIGNED_PAYLOAD:
      return UNSIGNED;
    case STREAMING_SIGNED:
      return chunked(true, false, headers);
    case STREAMING_SIGNED_TRAILER:
      return chunked(true, true, headers);
    case STREAMING_UNSIGNED_TRAILER:
      return chunked(false, true, headers);
  }
  if (SHA256_HEX.test(value)) return { kind: "sha256", hash: value };
  if (value.startsWith("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")) {
    throw new S3Error("NotImplemented", {
      message: `${value} is not supported here. Please use ${STREAMING_SIGNED}.`,
    });
  }
  throw new S3Error("InvalidArgument", {
    message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, " +
      "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, " +
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.",
    details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: value },
  });
}

function chunked(signed: boolean, trailer: boolean, headers: HeaderList): ChunkedPayload {
  const length = headers.get("x-amz-decoded-content-length");
  if (length === undefined) throw new S3Error("MissingContentLength");
  if (!/^\d{1,15}$/.test(length)) {
    throw new S3Error("InvalidArgument", {
      message: "x-amz-decoded-content-length must be a number of bytes.",
      details: { ArgumentName: "x-amz-decoded-content-length", ArgumentValue: length },
    });
  }
  return {
    kind: "chunked",
    signed,
    trailer: trailer ? parseTrailer(headers.get("x-amz-trailer")) : undefined,
    decodedLength: Number(length),
  };
}

function parseTrailer(value: string | undefined): Trailer | undefined {
  if (value === undefined) return undefined;
  const name = value.trim().toLowerCase();
  const algorithm = checksumAlgorithm(name);
  if (algorithm === undefined) {
    throw new S3Error("InvalidRequest", {
      message: "The value specified in the x-amz-trailer header is not supported",
    });
  }
  return { name, algorithm };
}
