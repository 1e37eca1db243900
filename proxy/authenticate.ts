/**
 * The stage that lets nobody pass without the client key.
 *
 * @module
 */
import { Verifier, type VerifierOptions } from "@s3-edge-cache/auth";
import { type AddressingOptions, parseRequestTarget, type RequestTarget } from "@s3-edge-cache/s3";
import { createFormUpload, isFormUpload, type PolicySigner } from "./form_upload.ts";
import type { Handler, RawRequest, Upload, VerifiedRequest } from "./request.ts";
import { createUpload } from "./upload.ts";

/** What requests are let in by. */
export interface AuthenticationOptions extends VerifierOptions {
  /** How host names address buckets. */
  readonly addressing: AddressingOptions;
  /** Longest silence of a client within its body, in milliseconds. */
  readonly clientIdleMs: number;
}

/**
 * Verifies each request's signature, whether or not its answer is in the cache. A CORS preflight
 * can't be signed (Fetch Standard, section 4.9) and changes nothing: it passes, and goes up
 * unsigned as it came.
 *
 * @param options What requests are let in by.
 * @param signPolicy Signs the policy of a form upload anew.
 * @param next Takes the verified request.
 */
export function authenticate(
  options: AuthenticationOptions,
  signPolicy: PolicySigner,
  next: Handler<VerifiedRequest>,
): Handler<RawRequest> {
  const verifier = new Verifier(options);
  const { accessKeyId } = options.credentials;
  const admit = (raw: RawRequest, target: RequestTarget, upload: Upload | undefined) => {
    raw.trace.keyId = accessKeyId;
    return next({ raw, target, upload, anonymous: false });
  };
  return (raw) => {
    const target = parseRequestTarget(raw, options.addressing);
    if (isPreflight(raw)) return next({ raw, target, upload: undefined, anonymous: true });
    const upload = isFormUpload(raw, target)
      ? createFormUpload(raw, options, signPolicy)
      : createUpload(raw, verifier.verify(raw, target), options.clientIdleMs);
    return upload instanceof Promise
      ? upload.then((upload) => admit(raw, target, upload))
      : admit(raw, target, upload);
  };
}

function isPreflight({ method, headers }: RawRequest): boolean {
  return method === "OPTIONS" && headers.has("origin") &&
    headers.has("access-control-request-method");
}
