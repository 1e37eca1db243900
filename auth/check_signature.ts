/**
 * Compares a signature with what its request comes to.
 *
 * @module
 */
import { type RequestHead, type RequestTarget, S3Error } from "@s3-edge-cache/s3";
import type { SignatureClaim } from "./authorization.ts";
import { canonicalHeaders, canonicalRequest, stringToSign } from "./canonical.ts";
import type { SigningKey } from "./signature.ts";

/** What both forms of a signature come to before it is computed. */
export interface Claim extends SignatureClaim {
  /** The time of the request, ISO 8601 basic. */
  readonly dateTime: string;
  /** The session token that came with it. */
  readonly securityToken: string | undefined;
  /** What the request says of its body. */
  readonly payloadHash: string;
  /** The canonical query string. */
  readonly query: string;
}

/**
 * Holds a claim against its request. The canonical reading of the request is tried first. Two
 * things can be read another way, and both readings cover the same resource and the same values:
 * - clients differ in how they spell a path that holds more than unreserved characters; the path
 *   as it was sent is tried too;
 * - a server may join fields that were sent twice by a comma and a space, where a signature joins
 *   them by a comma.
 *
 * @throws {S3Error} SignatureDoesNotMatch.
 */
export function checkSignature(
  claim: Claim,
  head: RequestHead,
  target: RequestTarget,
  key: SigningKey,
): void {
  const headers = canonicalHeaders(head.headers.pairs, claim.signedHeaders);
  const describe = (path: string, headers: string) =>
    canonicalRequest({
      method: head.method,
      path,
      query: claim.query,
      headers,
      signedHeaders: claim.signedHeaders.join(";"),
      payloadHash: claim.payloadHash,
    });
  const matches = (path: string, headers: string) =>
    key.verifyRequest(claim.dateTime, describe(path, headers), claim.signature);
  if (headers !== undefined) {
    if (matches(target.canonicalPath, headers)) return;
    if (target.path !== target.canonicalPath && matches(target.path, headers)) return;
    const joined = headers.replaceAll(", ", ",");
    if (joined !== headers && matches(target.canonicalPath, joined)) return;
  }
  const request = describe(target.canonicalPath, headers ?? "");
  throw new S3Error("SignatureDoesNotMatch", {
    details: {
      AWSAccessKeyId: claim.credential.accessKeyId,
      StringToSign: stringToSign(claim.dateTime, key.scope, request),
      SignatureProvided: claim.signature,
      CanonicalRequest: request,
    },
  });
}
