/**
 * The stage that lets nobody pass without the client key.
 *
 * @module
 */
import { Verifier, type VerifierOptions } from "@s3-edge-cache/auth";
import { type AddressingOptions, parseRequestTarget } from "@s3-edge-cache/s3";
import { createFormUpload, isFormUpload, type PolicySigner } from "./form_upload.ts";
import type { Handler, RawRequest, VerifiedRequest } from "./request.ts";
import { createUpload } from "./upload.ts";

/**
 * Verifies each request's signature, whether or not its answer is in the cache. A CORS preflight
 * can't be signed (Fetch Standard, section 4.9) and changes nothing: it passes as it is.
 *
 * @param options What signatures are held against.
 * @param addressing How host names address buckets.
 * @param signPolicy Signs the policy of a form upload anew.
 * @param next Takes the verified request.
 */
export function authenticate(
  options: VerifierOptions,
  addressing: AddressingOptions,
  signPolicy: PolicySigner,
  next: Handler<VerifiedRequest>,
): Handler<RawRequest> {
  const verifier = new Verifier(options);
  return async (raw) => {
    const target = parseRequestTarget(raw, addressing);
    if (raw.method === "OPTIONS") return next({ raw, target, upload: undefined });
    if (isFormUpload(raw, target)) {
      return next({ raw, target, upload: await createFormUpload(raw, options, signPolicy) });
    }
    const signature = verifier.verify(raw, target);
    return next({ raw, target, upload: await createUpload(raw, signature) });
  };
}
