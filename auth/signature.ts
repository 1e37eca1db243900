/**
 * Signing keys and signatures of Signature Version 4.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @module
 */
import type { Credentials } from "./credentials.ts";
import { HmacKey } from "./sha256.ts";

/** The algorithm's name, as requests spell it. */
export const ALGORITHM = "AWS4-HMAC-SHA256";
/** The service that a credential scope names. */
export const SERVICE = "s3";
/** The end of every credential scope. */
export const TERMINATOR = "aws4_request";
/** SHA-256 of nothing, in hex. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Characters of a time in ISO 8601 basic format. */
const DATE_TIME = 16;

/** Days whose signing keys are kept: a presigned request may be a week old. */
const KEPT_DAYS = 10;

const utf8 = new TextEncoder();

/** The key of one day, region and service, and the scope that it is good for. */
export class SigningKey {
  /** The credential scope: `20130524/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  readonly #key: HmacKey;
  /** A string to sign up to the hash of the request, with some time. */
  readonly #head: Uint8Array;

  /**
   * Derives the key.
   *
   * @param secretAccessKey The secret.
   * @param date The day, `YYYYMMDD`.
   * @param region The region, ASCII.
   */
  constructor(secretAccessKey: string, date: string, region: string) {
    let key = String.fromCharCode(...utf8.encode("AWS4" + secretAccessKey));
    for (const part of [date, region, SERVICE, TERMINATOR]) key = new HmacKey(key).bytes(part);
    this.#key = new HmacKey(key);
    this.scope = `${date}/${region}/${SERVICE}/${TERMINATOR}`;
    this.#head = utf8.encode(`${ALGORITHM}\n${date}T000000Z\n${this.scope}\n`);
  }

  /**
   * Signs.
   *
   * @param stringToSign ASCII.
   * @returns The signature: 64 lower-case hex digits.
   */
  sign(stringToSign: string): string {
    return this.#key.hex(stringToSign);
  }

  /**
   * Signs a request: as `sign` does its string to sign, which is not written out.
   *
   * @param dateTime The time of the request in ISO 8601 basic format.
   * @param request The canonical request.
   */
  signRequest(dateTime: string, request: string): string {
    return this.#key.hexOfDigest(this.#headAt(dateTime), request);
  }

  /**
   * Whether a signature is that of a request, in a time that does not depend on it.
   *
   * @param dateTime The time of the request in ISO 8601 basic format.
   * @param request The canonical request.
   * @param signature The signature as it came.
   */
  verifyRequest(dateTime: string, request: string, signature: string): boolean {
    return this.#key.isHexOfDigest(this.#headAt(dateTime), request, signature);
  }

  /** A string to sign up to the hash of the request; good until the next call. */
  #headAt(dateTime: string): Uint8Array {
    for (let i = 0; i < DATE_TIME; i++) {
      this.#head[ALGORITHM.length + 1 + i] = dateTime.charCodeAt(i);
    }
    return this.#head;
  }
}

/** The signing keys of one access key in one region, derived once a day. */
export class SigningKeys {
  readonly #secretAccessKey: string;
  readonly #region: string;
  readonly #byDate = new Map<string, SigningKey>();

  /**
   * Derives nothing yet.
   *
   * @param credentials Whose keys.
   * @param region The region, ASCII.
   */
  constructor(credentials: Credentials, region: string) {
    this.#secretAccessKey = credentials.secretAccessKey;
    this.#region = region;
  }

  /**
   * The key of a day. The latest days asked for are kept.
   *
   * @param date The day, `YYYYMMDD`.
   */
  on(date: string): SigningKey {
    const kept = this.#byDate.get(date);
    if (kept !== undefined) return kept;
    const key = new SigningKey(this.#secretAccessKey, date, this.#region);
    for (const oldest of this.#byDate.keys()) {
      if (this.#byDate.size < KEPT_DAYS) break;
      this.#byDate.delete(oldest);
    }
    this.#byDate.set(date, key);
    return key;
  }
}

/**
 * Compares two signatures in a time that depends on their lengths only.
 *
 * @param computed The signature as it should be.
 * @param provided The signature as it came.
 */
export function sameSignature(computed: string, provided: string): boolean {
  if (computed.length !== provided.length) return false;
  let difference = 0;
  for (let i = 0; i < computed.length; i++) {
    difference |= computed.charCodeAt(i) ^ provided.charCodeAt(i);
  }
  return difference === 0;
}
