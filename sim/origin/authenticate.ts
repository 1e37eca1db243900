/**
 * Who sent a request, and its body as the sender meant it.
 *
 * @module
 */
import { isPresigned, verifiedBody, type VerifiedSignature, Verifier } from "@s3-edge-cache/auth";
import type { HeaderPair, RequestTarget } from "@s3-edge-cache/s3";
import type { WireRequest } from "./http_connection.ts";
import type { OriginOptions } from "./options.ts";
import { join } from "./request_body.ts";

/** A request whose sender is known. */
export interface Authenticated {
  /** Whose request it is. */
  readonly signer: "owner" | "anonymous";
  /** The body, chunk framing taken out. */
  readonly body: Uint8Array;
  /** The fields that came behind an `aws-chunked` body. */
  readonly trailers: readonly HeaderPair[];
}

/**
 * Reads and verifies a request. The body is read in any case, unless the client waits to be
 * asked for it and its head is refused.
 *
 * @param request The request.
 * @param target Its raw target.
 * @param options Whose signatures are good.
 * @param progress Is told of every byte that arrives.
 * @throws {S3Error} with S3's code for what is wrong with the signature or the body.
 */
export async function authenticate(
  request: WireRequest,
  target: RequestTarget,
  options: Required<OriginOptions>,
  progress: (bytes: number) => void,
): Promise<Authenticated> {
  const { head } = request;
  if (!head.headers.has("authorization") && !isPresigned(target.query)) {
    return { signer: "anonymous", body: await request.readBody(progress), trailers: [] };
  }
  let signature: VerifiedSignature;
  try {
    signature = new Verifier(options).verify(head, target);
  } catch (error) {
    if (!head.expectsContinue) await request.readBody(progress);
    throw error;
  }
  const wireBody = await request.readBody(progress);
  const verified = await verifiedBody(streamOf(wireBody), signature, wireBody.length);
  const pieces: Uint8Array[] = [];
  for await (const piece of verified.stream) pieces.push(piece);
  const { trailer } = verified;
  return {
    signer: "owner",
    body: pieces.length === 1 ? pieces[0]! : join(pieces),
    trailers: trailer === undefined ? [] : [[trailer.name, trailer.value()]],
  };
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
