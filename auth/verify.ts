/**
 * Checks the signature of a request's head.
 *
 * Invariants: nothing of a request is believed before its signature has been compared; every
 * `x-amz-` field is covered; a signature for one resource is never good for another. A faulty
 * request is answered with an S3Error, whatever it holds.
 *
 * @module
 */
import { type RequestHead, type RequestTarget, S3Error } from "@s3-edge-cache/s3";
import { formatAmzDate, formatErrorTime } from "./amz_date.ts";
import { type AuthFields, authFields, checkVersion2Date, requestTime } from "./auth_fields.ts";
import { type SignatureClaim, unsupportedMechanism } from "./authorization.ts";
import { Authorizations } from "./authorizations.ts";
import { canonicalQuery } from "./canonical.ts";
import { checkSignature, type Claim } from "./check_signature.ts";
import { checkScope, headerFault, parameterFault } from "./credential_scope.ts";
import type { Credentials } from "./credentials.ts";
import { parsePayload, type Payload, UNSIGNED_PAYLOAD } from "./payload.ts";
import {
  checkValidity,
  isPresigned,
  isPresignedV2,
  MAX_SKEW_MS,
  parsePresigned,
} from "./presigned.ts";
import { sameSignature, type SigningKey, SigningKeys } from "./signature.ts";
import { checkAllSigned } from "./signed_headers.ts";

/** What a verifier needs to know. */
export interface VerifierOptions {
  /** The key that clients sign with. */
  readonly credentials: Credentials;
  /** The region that clients sign for. */
  readonly region: string;
  /** The server's clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a verified signature says. */
export interface VerifiedSignature {
  /** Whose key signed. */
  readonly accessKeyId: string;
  /** What the request says of its body. */
  readonly payload: Payload;
  /** The signature itself: the seed of the chunks' signatures. */
  readonly signature: string;
  /** The time of the request, ISO 8601 basic. */
  readonly dateTime: string;
  /** The key that verified it. */
  readonly signingKey: SigningKey;
}

/**
 * Verifies signatures of Version 4 with one access key, in the header and in the query.
 *
 * @example
 * ```ts
 * import { Signer, Verifier } from "@s3-edge-cache/auth";
 * import { HeaderList, parseRequestTarget } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const options = {
 *   credentials: { accessKeyId: "client", secretAccessKey: "secret" },
 *   region: "us-east-1",
 *   now: Date.now,
 * };
 * const fields = [["host", "localhost:8080"]] as const;
 * const signed = new Signer(options).sign({
 *   method: "GET",
 *   path: "/photos/cat.jpg",
 *   query: "",
 *   headers: fields,
 *   payloadHash: "UNSIGNED-PAYLOAD",
 * });
 * const head = {
 *   method: "GET",
 *   target: "/photos/cat.jpg",
 *   headers: new HeaderList([...fields, ...signed]),
 * };
 * const verified = new Verifier(options).verify(head, parseRequestTarget(head));
 * assert.equal(verified.payload.kind, "unsigned");
 * ```
 */
export class Verifier {
  readonly #options: VerifierOptions;
  readonly #keys: SigningKeys;
  readonly #authorizations: Authorizations = new Authorizations();

  /**
   * Makes a verifier.
   *
   * @param options What the verifier needs to know.
   */
  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#keys = new SigningKeys(options.credentials, options.region);
  }

  /**
   * Verifies a request's head.
   *
   * @param head The head as it came.
   * @param target Its target, cut.
   * @returns What the signature says.
   * @throws {S3Error} with S3's code for what is wrong with the signature.
   */
  verify(head: RequestHead, target: RequestTarget): VerifiedSignature {
    const fields = authFields(head.headers.pairs);
    const presigned = isPresigned(target.query);
    const version2 = isPresignedV2(target.query);
    if (fields.authorizations + Number(presigned) + Number(version2) > 1) throw severalMechanisms();
    if (version2) throw unsupportedMechanism();
    const claim = presigned
      ? this.#presignedClaim(head, target, fields)
      : this.#headerClaim(head, target, fields);
    this.#checkToken(claim.securityToken);
    const signingKey = this.#keys.on(claim.credential.date);
    checkSignature(claim, head, target, signingKey);
    return {
      accessKeyId: claim.credential.accessKeyId,
      payload: parsePayload(claim.payloadHash, head.headers),
      signature: claim.signature,
      dateTime: claim.dateTime,
      signingKey,
    };
  }

  #headerClaim(head: RequestHead, target: RequestTarget, fields: AuthFields): Claim {
    if (fields.authorizations === 0) throw new S3Error("AccessDenied");
    if (fields.authorization.startsWith("AWS ")) checkVersion2Date(fields);
    const claim = this.#authorizations.parse(fields.authorization);
    this.#checkAccessKey(claim);
    const now = this.#options.now();
    const time = requestTime(fields);
    const dateTime = fields.amzDate ?? formatAmzDate(time);
    checkScope(claim.credential, this.#options.region, dateTime, headerFault);
    if (Math.abs(now - time) > MAX_SKEW_MS) throw tooSkewed(dateTime, now);
    if (fields.contentSha256 === undefined) {
      throw new S3Error("InvalidRequest", {
        message: "Missing required header for this request: x-amz-content-sha256",
      });
    }
    checkAllSigned(head.headers.pairs, claim.signedHeaders);
    return {
      credential: claim.credential,
      signedHeaders: claim.signedHeaders,
      signature: claim.signature,
      dateTime,
      securityToken: fields.securityToken,
      payloadHash: fields.contentSha256,
      query: canonicalQuery(target.query),
    };
  }

  #presignedClaim(head: RequestHead, target: RequestTarget, fields: AuthFields): Claim {
    const claim = parsePresigned(target.query);
    this.#checkAccessKey(claim);
    checkScope(claim.credential, this.#options.region, claim.dateTime, parameterFault);
    checkValidity(claim, this.#options.now());
    const unsigned = fields.contentSha256 === UNSIGNED_PAYLOAD;
    checkAllSigned(
      head.headers.pairs,
      claim.signedHeaders,
      unsigned ? "x-amz-content-sha256" : undefined,
    );
    return {
      ...claim,
      securityToken: claim.securityToken ?? fields.securityToken,
      payloadHash: claim.payloadHash ?? fields.contentSha256 ?? UNSIGNED_PAYLOAD,
      query: canonicalQuery(target.query, "X-Amz-Signature"),
    };
  }

  #checkAccessKey(claim: SignatureClaim): void {
    const { accessKeyId } = claim.credential;
    if (accessKeyId === this.#options.credentials.accessKeyId) return;
    throw new S3Error("InvalidAccessKeyId", { details: { AWSAccessKeyId: accessKeyId } });
  }

  #checkToken(token: string | undefined): void {
    const expected = this.#options.credentials.sessionToken;
    if (token === expected) return;
    if (token !== undefined && expected !== undefined && sameSignature(expected, token)) return;
    throw new S3Error("InvalidToken");
  }
}

function severalMechanisms(): S3Error {
  return new S3Error("InvalidArgument", {
    message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, " +
      "Signature query string parameter or the Authorization header should be specified",
    details: { ArgumentName: "Authorization" },
  });
}

function tooSkewed(dateTime: string, now: number): S3Error {
  return new S3Error("RequestTimeTooSkewed", {
    details: {
      RequestTime: dateTime,
      ServerTime: formatErrorTime(now),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  });
}
