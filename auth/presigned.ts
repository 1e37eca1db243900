/**
 * A signature in the query: presigned URLs.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @module
 */
import { type Query, S3Error } from "@s3-edge-cache/s3";
import { formatErrorTime, parseAmzDate } from "./amz_date.ts";
import type { SignatureClaim } from "./authorization.ts";
import { parameterFault, parseCredential } from "./credential_scope.ts";
import { ALGORITHM } from "./signature.ts";
import { parseSignedHeaders } from "./signed_headers.ts";

/** A signature in the query, and how long it is good. */
export interface PresignedClaim extends SignatureClaim {
  /** When it was signed, ISO 8601 basic. */
  readonly dateTime: string;
  /** When it was signed, in milliseconds since the epoch. */
  readonly time: number;
  /** For how long it is good, in seconds. */
  readonly expiresSeconds: number;
  /** The session token that came with it. */
  readonly securityToken: string | undefined;
  /** What it says of the body; `undefined` where it says nothing. */
  readonly payloadHash: string | undefined;
}

/** How far a request's time may be from the server's, in milliseconds. */
export const MAX_SKEW_MS = 15 * 60 * 1000;

/** The longest that a presigned request may be good, in seconds: a week. */
export const MAX_EXPIRES_SECONDS = 604_800;

const REQUIRED: ReadonlySet<string> = new Set([
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-SignedHeaders",
  "X-Amz-Signature",
]);

const OPTIONAL: ReadonlySet<string> = new Set(["X-Amz-Security-Token", "X-Amz-Content-Sha256"]);

/**
 * Whether a parameter of a query belongs to a presigned URL's signature, and so is no part of
 * what the request asks for.
 *
 * @param name The parameter's decoded name.
 */
export function isSignatureParameter(name: string): boolean {
  return REQUIRED.has(name) || OPTIONAL.has(name);
}

/** Whether a query carries a signature of Version 4. */
export function isPresigned(query: Query): boolean {
  return query.raw !== "" && query.parameters.some(({ name }) => REQUIRED.has(name));
}

/** Whether a query carries a signature of Version 2. */
export function isPresignedV2(query: Query): boolean {
  return query.raw !== "" && query.has("AWSAccessKeyId") && query.has("Signature");
}

function fault(message: string): S3Error {
  return new S3Error("AuthorizationQueryParametersError", { message });
}

/**
 * Reads the signature of a presigned URL.
 *
 * @param query The query of the request.
 * @throws {S3Error} AuthorizationQueryParametersError if a parameter is missing, repeated or
 * malformed; NotImplemented for Signature Version 4A.
 */
export function parsePresigned(query: Query): PresignedClaim {
  const found = new Map<string, string>();
  for (const { name } of query.parameters) {
    if (!isSignatureParameter(name)) continue;
    if (found.has(name)) throw fault(`${name} must be given once only`);
    found.set(name, query.get(name)!);
  }
  for (const name of REQUIRED) {
    if (!found.get(name)) {
      throw fault(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, " +
          "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    }
  }
  checkAlgorithm(found.get("X-Amz-Algorithm")!);
  const dateTime = found.get("X-Amz-Date")!;
  const time = parseAmzDate(dateTime);
  if (time === undefined) {
    throw fault("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  return {
    credential: parseCredential(found.get("X-Amz-Credential")!, parameterFault),
    signedHeaders: parseSignedHeaders(found.get("X-Amz-SignedHeaders")!),
    signature: found.get("X-Amz-Signature")!,
    dateTime,
    time,
    expiresSeconds: parseExpires(found.get("X-Amz-Expires")!),
    securityToken: found.get("X-Amz-Security-Token"),
    payloadHash: found.get("X-Amz-Content-Sha256"),
  };
}

function checkAlgorithm(algorithm: string): void {
  if (algorithm === ALGORITHM) return;
  if (algorithm === "AWS4-ECDSA-P256-SHA256") {
    throw new S3Error("NotImplemented", {
      message: `${algorithm} is not supported here. Please use ${ALGORITHM}.`,
    });
  }
  throw fault('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
}

function parseExpires(text: string): number {
  if (!/^[-+]?\d{1,19}$/.test(text)) throw fault("X-Amz-Expires should be a number");
  const seconds = Number(text);
  if (text.startsWith("-")) throw fault("X-Amz-Expires must be non-negative");
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw fault(
      "X-Amz-Expires must be less than a week (in seconds); " +
        `that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  if (seconds < 1) throw fault("X-Amz-Expires must be at least 1 second");
  return seconds;
}

/**
 * Refuses a presigned request that is not yet, or no longer, good.
 *
 * @param claim What the request says.
 * @param now The server's time, in milliseconds since the epoch.
 * @throws {S3Error} AccessDenied.
 */
export function checkValidity(claim: PresignedClaim, now: number): void {
  const expires = claim.time + claim.expiresSeconds * 1000;
  if (now <= expires && claim.time <= now + MAX_SKEW_MS) return;
  throw new S3Error("AccessDenied", {
    message: now > expires ? "Request has expired" : "Request is not yet valid",
    details: {
      "X-Amz-Expires": String(claim.expiresSeconds),
      Expires: formatErrorTime(expires),
      ServerTime: formatErrorTime(now),
    },
  });
}
