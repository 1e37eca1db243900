/**
 * The stage that lets nobody pass without the client key.
 *
 * @module
 */
import type { Verifier } from "@s3-edge-cache/auth";
import { type AddressingOptions, parseRequestTarget } from "@s3-edge-cache/s3";
import type { Handler, RawRequest, VerifiedRequest } from "./request.ts";
import { createUpload } from "./upload.ts";

/**
 * Verifies each request's signature, whether or not its answer is in the cache. A CORS preflight
 * can't be signed (Fetch Standard, section 4.9) and changes nothing: it passes as it is.
 *
 * @param verifier Verifies signatures.
 * @param addressing How host names address buckets.
 * @param next Takes the verified request.
 */
export function authenticate(
  verifier: Verifier,
  addressing: AddressingOptions,
  next: Handler<VerifiedRequest>,
): Handler<RawRequest> {
  return async (raw) => {
    const target = parseRequestTarget(raw, addressing);
    if (raw.method === "OPTIONS") return next({ raw, target, upload: undefined });
    const signature = verifier.verify(raw, target);
    return next({ raw, target, upload: await createUpload(raw, signature) });
  };
}
