/**
 * The body of a request as it goes up to the origin.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { ChunkSeed } from "./chunk_signatures.ts";
import {
  type Payload,
  STREAMING_SIGNED,
  STREAMING_UNSIGNED_TRAILER,
  UNSIGNED_PAYLOAD,
} from "./payload.ts";
import { signedChunks, signedChunksLength } from "./signed_chunk_body.ts";
import { framedBody } from "./trailer_body.ts";
import type { VerifiedBody } from "./verified_body.ts";

/** A body for the origin and what the request has to say of it. */
export interface OutgoingBody {
  /**
   * The bytes to send. They end well only if the client's body was verified.
   *
   * @param seed The signature of the request that carries them: signed chunks continue it.
   */
  readonly open: (seed: ChunkSeed) => ReadableStream<Uint8Array>;
  /** Their number. */
  readonly contentLength: number;
  /** The value of `x-amz-content-sha256`. */
  readonly payloadHash: string;
  /** The fields that describe the framing; where there is none, none. */
  readonly headers: readonly HeaderPair[];
}

/**
 * Turns a verified body into the one that goes up.
 *
 * - Data that came plain goes as it is, with its hash where the client gave one.
 * - Data that came in signed chunks goes in chunks signed anew. Plain, an origin that takes a
 *   body cut short for whole could store what was refused here.
 * - Data that came with a trailer goes in unsigned chunks with the same trailer, so that the
 *   origin checks and stores its checksum.
 *
 * The encoding `aws-chunked` is not among `headers`: it is a part of `content-encoding`, which
 * the caller puts in place where `headers` tell of a framing.
 *
 * @param body The verified body.
 * @param payload What the client's signature says of it.
 */
export function outgoingBody(body: VerifiedBody, payload: Payload): OutgoingBody {
  const { stream, length, trailer } = body;
  const decodedLength: HeaderPair = ["x-amz-decoded-content-length", String(length)];
  if (trailer !== undefined) {
    const framed = framedBody(stream, length, trailer);
    return {
      open: () => framed.stream,
      contentLength: framed.contentLength,
      payloadHash: STREAMING_UNSIGNED_TRAILER,
      headers: [decodedLength, ["x-amz-trailer", trailer.name]],
    };
  }
  if (payload.kind === "chunked") {
    return {
      open: (seed) => signedChunks(stream, seed),
      contentLength: signedChunksLength(length),
      payloadHash: STREAMING_SIGNED,
      headers: [decodedLength],
    };
  }
  return {
    open: () => stream,
    contentLength: length,
    payloadHash: payload.kind === "sha256" ? payload.hash : UNSIGNED_PAYLOAD,
    headers: [],
  };
}
