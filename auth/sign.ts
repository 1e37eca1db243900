/**
 * Signs requests, in the header and in the query.
 *
 * @module
 */
import { canonicalPath, type HeaderPair, Query, uriEncode } from "@s3-edge-cache/s3";
import { formatAmzDate } from "./amz_date.ts";
import { canonicalHeaders, canonicalQuery, canonicalRequest } from "./canonical.ts";
import type { ChunkSeed } from "./chunk_signatures.ts";
import type { Credentials } from "./credentials.ts";
import { UNSIGNED_PAYLOAD } from "./payload.ts";
import { ALGORITHM, SigningKeys } from "./signature.ts";

/** What a signer needs to know. */
export interface SignerOptions {
  /** The key to sign with. */
  readonly credentials: Credentials;
  /** The region to sign for. */
  readonly region: string;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** A request that is to be signed in its header. */
export interface SignableRequest {
  /** The method in upper case. */
  readonly method: string;
  /** The raw path as it will be sent, a path prefix of the endpoint included. */
  readonly path: string;
  /** The raw query as it will be sent, without its question mark. */
  readonly query: string;
  /** The fields as they will be sent, names in lower case, `host` among them. */
  readonly headers: readonly HeaderPair[];
  /** What the signature says of the body: its SHA-256 in hex, or one of Amazon's constants. */
  readonly payloadHash: string;
}

/** What a signature adds to a request. */
export interface SignedRequest {
  /** The fields to add. */
  readonly fields: readonly HeaderPair[];
  /** Where the chain of chunk signatures begins. */
  readonly seed: ChunkSeed;
}

/** A request that is to be signed in its query. */
export interface PresignableRequest {
  /** The key to sign with. */
  readonly credentials: Credentials;
  /** The region to sign for. */
  readonly region: string;
  /** When it is signed, in milliseconds since the epoch. */
  readonly time: number;
  /** For how long it is good, in seconds: 1 to 604800. */
  readonly expiresSeconds: number;
  /** The method in upper case. */
  readonly method: string;
  /** The raw path as it will be sent. */
  readonly path: string;
  /** The raw query as it will be sent, without its question mark and the signature. */
  readonly query: string;
  /** The fields that whoever uses the URL must send, names in lower case, `host` among them. */
  readonly headers: readonly HeaderPair[];
}

/** The fields of a signature, which a request to be signed can't bring along. */
const SIGNATURE_FIELDS: ReadonlySet<string> = new Set([
  "authorization",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
]);

/** Whether a field is signed: those that S3 demands, and those that say what the body is. */
function isSigned(name: string): boolean {
  return name === "host" || name === "content-type" || name === "content-md5" ||
    name.startsWith("x-amz-");
}

function sortedNames(fields: readonly HeaderPair[]): string[] {
  return [...new Set(fields.map(([name]) => name))].sort();
}

/** Signs the requests of one access key. */
export class Signer {
  readonly #options: SignerOptions;
  readonly #keys: SigningKeys;

  /**
   * Makes a signer.
   *
   * @param options What the signer needs to know.
   */
  constructor(options: SignerOptions) {
    this.#options = options;
    this.#keys = new SigningKeys(options.credentials, options.region);
  }

  /**
   * Signs a request: `host`, `content-type`, `content-md5` and every `x-amz-` field.
   *
   * @param request The request as it will be sent.
   * @returns The fields to add: `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token`
   * where the key has one, and `authorization`.
   * @throws {TypeError} if the request brings one of these along, or has no host.
   * @throws {S3Error} InvalidURI if the path or query is not well percent-encoded.
   */
  sign(request: SignableRequest): HeaderPair[] {
    return [...this.signWithSeed(request).fields];
  }

  /**
   * Signs a request as `sign` does, whose body may go on in signed chunks.
   *
   * @param request The request as it will be sent.
   * @returns The fields to add, and where the chain of chunk signatures begins.
   * @throws {TypeError} as `sign` does.
   * @throws {S3Error} as `sign` does.
   */
  signWithSeed(request: SignableRequest): SignedRequest {
    const { credentials, now } = this.#options;
    const dateTime = formatAmzDate(now());
    const added: HeaderPair[] = [
      ["x-amz-date", dateTime],
      ["x-amz-content-sha256", request.payloadHash],
    ];
    if (credentials.sessionToken !== undefined) {
      added.push(["x-amz-security-token", credentials.sessionToken]);
    }
    const signed: HeaderPair[] = [...added];
    for (const field of request.headers) {
      if (SIGNATURE_FIELDS.has(field[0])) throw new TypeError(`${field[0]} is the signer's own`);
      if (isSigned(field[0])) signed.push(field);
    }
    const names = sortedNames(signed);
    if (!names.includes("host")) throw new TypeError("a request without host can't be signed");
    const signedHeaders = names.join(";");
    const key = this.#keys.on(dateTime.slice(0, 8));
    const signature = key.signRequest(
      dateTime,
      canonicalRequest({
        method: request.method,
        path: canonicalPath(request.path),
        query: canonicalQuery(new Query(request.query)),
        headers: canonicalHeaders(signed, names)!,
        signedHeaders,
        payloadHash: request.payloadHash,
      }),
    );
    const { accessKeyId } = credentials;
    added.push([
      "authorization",
      `${ALGORITHM} Credential=${accessKeyId}/${key.scope},` +
      `SignedHeaders=${signedHeaders},Signature=${signature}`,
    ]);
    return { fields: added, seed: { accessKeyId, signature, dateTime, signingKey: key } };
  }
}

/**
 * Signs a request in its query, its body left unsigned.
 *
 * @param request The request.
 * @returns The whole raw query of the presigned URL, without its question mark.
 * @throws {TypeError} if the request has no host.
 * @throws {S3Error} InvalidURI if the path or query is not well percent-encoded.
 *
 * @example
 * ```ts
 * import { presign } from "@s3-edge-cache/auth";
 * import assert from "node:assert/strict";
 *
 * const query = presign({
 *   credentials: {
 *     accessKeyId: "AKIAIOSFODNN7EXAMPLE",
 *     secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
 *   },
 *   region: "us-east-1",
 *   time: Date.UTC(2013, 4, 24),
 *   expiresSeconds: 86400,
 *   method: "GET",
 *   path: "/test.txt",
 *   query: "",
 *   headers: [["host", "examplebucket.s3.amazonaws.com"]],
 * });
 * assert.match(query, /&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/);
 * ```
 */
export function presign(request: PresignableRequest): string {
  const { credentials } = request;
  const dateTime = formatAmzDate(request.time);
  const names = sortedNames(request.headers);
  if (!names.includes("host")) throw new TypeError("a request without host can't be signed");
  const signedHeaders = names.join(";");
  const key = new SigningKeys(credentials, request.region).on(dateTime.slice(0, 8));
  const parameters = [
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${key.scope}`],
    ["X-Amz-Date", dateTime],
    ["X-Amz-Expires", String(request.expiresSeconds)],
    ...(credentials.sessionToken === undefined
      ? []
      : [["X-Amz-Security-Token", credentials.sessionToken]]),
    ["X-Amz-SignedHeaders", signedHeaders],
  ] as const;
  const added = parameters.map(([name, value]) => `${name}=${uriEncode(value!)}`);
  const query = [...(request.query === "" ? [] : [request.query]), ...added].join("&");
  const signature = key.signRequest(
    dateTime,
    canonicalRequest({
      method: request.method,
      path: canonicalPath(request.path),
      query: canonicalQuery(new Query(query)),
      headers: canonicalHeaders(request.headers, names)!,
      signedHeaders,
      payloadHash: UNSIGNED_PAYLOAD,
    }),
  );
  return `${query}&X-Amz-Signature=${signature}`;
}
