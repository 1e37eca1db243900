/**
 * The body of a request as it goes up to the origin.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import { type Payload, STREAMING_UNSIGNED_TRAILER, UNSIGNED_PAYLOAD } from "./payload.ts";
import { framedBody } from "./trailer_body.ts";
import type { VerifiedBody } from "./verified_body.ts";

/** A body for the origin and what the request has to say of it. */
export interface OutgoingBody {
  /** The bytes to send. They end well only if the client's body was verified. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Their number. */
  readonly contentLength: number;
  /** The value of `x-amz-content-sha256`. */
  readonly payloadHash: string;
  /** The fields that describe the framing; where there is none, none. */
  readonly headers: readonly HeaderPair[];
}

/**
 * Turns a verified body into the one that goes up: data as it is, with its hash where the client
 * gave one; without framing where it came in chunks; framed anew, without signatures, where it
 * carries a trailer, so that the origin checks and stores its checksum.
 *
 * The encoding `aws-chunked` is not among `headers`: it is a part of `content-encoding`, which
 * the caller puts in place by `outgoingContentEncoding`.
 *
 * @param body The verified body.
 * @param payload What the client's signature says of it.
 */
export function outgoingBody(body: VerifiedBody, payload: Payload): OutgoingBody {
  const { stream, length, trailer } = body;
  if (trailer === undefined) {
    const payloadHash = payload.kind === "sha256" ? payload.hash : UNSIGNED_PAYLOAD;
    return { stream, contentLength: length, payloadHash, headers: [] };
  }
  return {
    ...framedBody(stream, length, trailer),
    payloadHash: STREAMING_UNSIGNED_TRAILER,
    headers: [
      ["x-amz-decoded-content-length", String(length)],
      ["x-amz-trailer", trailer.name],
    ],
  };
}

/**
 * The `content-encoding` of a request to the origin.
 *
 * @param value The client's field, `undefined` for none.
 * @param framed Whether the body that goes up is in aws-chunked framing.
 * @returns The encodings other than `aws-chunked`, that one first if it applies; `undefined`
 * where the field is to be left out.
 */
export function outgoingContentEncoding(
  value: string | undefined,
  framed: boolean,
): string | undefined {
  const codings = (value ?? "").split(",").map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding.toLowerCase() !== "aws-chunked");
  if (framed) codings.unshift("aws-chunked");
  return codings.length === 0 ? undefined : codings.join(",");
}
