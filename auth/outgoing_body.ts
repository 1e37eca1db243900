/**
 * The body of a request as it goes up to the origin.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import { STREAMING_UNSIGNED_TRAILER, UNSIGNED_PAYLOAD } from "./payload.ts";
import { framedBody } from "./trailer_body.ts";
import { verifiedBody } from "./verified_body.ts";
import type { VerifiedSignature } from "./verify.ts";

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

/** The fields of a request that describe its framing, to be left out in favour of our own. */
export const FRAMING_FIELDS: ReadonlySet<string> = new Set([
  "x-amz-decoded-content-length",
  "x-amz-trailer",
]);

/**
 * Turns a client's body into the one that goes up: data as it is, with its hash where the
 * client gave one; without framing where it came in chunks; framed anew, without signatures,
 * where it carries a trailer, so that the origin checks and stores its checksum.
 *
 * The encoding `aws-chunked` is not among `headers`: it is a part of `content-encoding`, which
 * the caller puts in place by `outgoingContentEncoding`.
 *
 * @param body The body as it came, `null` for none.
 * @param signature What the request's signature says.
 * @param contentLength Length of the body as it came; `undefined` if it is not known.
 * @throws {S3Error} as `verifiedBody` does.
 *
 * @example
 * ```ts
 * import { EMPTY_SHA256, outgoingBody, SigningKey } from "@s3-edge-cache/auth";
 * import assert from "node:assert/strict";
 *
 * const signature = {
 *   accessKeyId: "client",
 *   payload: { kind: "sha256", hash: EMPTY_SHA256 } as const,
 *   signature: "",
 *   dateTime: "20250102T030405Z",
 *   signingKey: new SigningKey("secret", "20250102", "us-east-1"),
 * };
 * const outgoing = await outgoingBody(null, signature, 0);
 * assert.equal(outgoing.contentLength, 0);
 * assert.equal(outgoing.payloadHash, EMPTY_SHA256);
 * await assert.rejects(outgoingBody(new Response("data").body, signature, 4).then(
 *   ({ stream }) => new Response(stream).text(),
 * ));
 * ```
 */
export async function outgoingBody(
  body: ReadableStream<Uint8Array> | null,
  signature: VerifiedSignature,
  contentLength: number | undefined,
): Promise<OutgoingBody> {
  const { stream, length, trailer } = await verifiedBody(body, signature, contentLength);
  const { payload } = signature;
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
