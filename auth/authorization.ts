/**
 * A signature in the `Authorization` header.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { type CredentialScope, headerFault, parseCredential } from "./credential_scope.ts";
import { ALGORITHM } from "./signature.ts";
import { parseSignedHeaders } from "./signed_headers.ts";

/** What a signature says of itself, whichever form it came in. */
export interface SignatureClaim {
  /** Whose key, and its scope. */
  readonly credential: CredentialScope;
  /** The signed headers, in ascending order, none twice. */
  readonly signedHeaders: readonly string[];
  /** The signature as it came. */
  readonly signature: string;
}

/** The asymmetric algorithm of Signature Version 4A. */
const ECDSA_ALGORITHM = "AWS4-ECDSA-P256-SHA256";

/**
 * Reads an `Authorization` header of Signature Version 4.
 *
 * @param value The field's value.
 * @throws {S3Error} AuthorizationHeaderMalformed if a part is missing, repeated or malformed;
 * InvalidRequest for Signature Version 2, NotImplemented for Version 4A, InvalidArgument for
 * any other scheme.
 */
export function parseAuthorization(value: string): SignatureClaim {
  if (!value.startsWith(ALGORITHM + " ")) throw refuseScheme(value);
  let credential: string | undefined;
  let signedHeaders: string | undefined;
  let signature: string | undefined;
  for (let at = ALGORITHM.length + 1, end: number; at <= value.length; at = end + 1) {
    end = value.indexOf(",", at);
    if (end < 0) end = value.length;
    const part = value.slice(at, end).trim();
    if (part.startsWith("Credential=") && credential === undefined) {
      credential = part.slice("Credential=".length);
    } else if (part.startsWith("SignedHeaders=") && signedHeaders === undefined) {
      signedHeaders = part.slice("SignedHeaders=".length);
    } else if (part.startsWith("Signature=") && signature === undefined) {
      signature = part.slice("Signature=".length);
    } else {
      throw headerFault(`the authorization component "${part}" is malformed.`);
    }
  }
  if (credential === undefined) throw headerFault("missing Credential.");
  if (signedHeaders === undefined) throw headerFault("missing SignedHeaders.");
  if (signature === undefined) throw headerFault("missing Signature.");
  return {
    credential: parseCredential(credential, headerFault),
    signedHeaders: parseSignedHeaders(signedHeaders),
    signature,
  };
}

function refuseScheme(value: string): S3Error {
  const scheme = value.split(" ", 1)[0]!;
  if (scheme === ALGORITHM) return headerFault("missing Credential.");
  if (scheme === ECDSA_ALGORITHM) {
    return new S3Error("NotImplemented", {
      message: `${ECDSA_ALGORITHM} is not supported here. Please use ${ALGORITHM}.`,
    });
  }
  if (scheme === "AWS") return unsupportedMechanism();
  return new S3Error("InvalidArgument", {
    message: "Unsupported Authorization Type",
    details: { ArgumentName: "Authorization" },
  });
}

/** The error for a request that is signed with Signature Version 2. */
export function unsupportedMechanism(): S3Error {
  return new S3Error("InvalidRequest", {
    message: "The authorization mechanism you have provided is not supported. " +
      `Please use ${ALGORITHM}.`,
  });
}
