/**
 * Hashes and signatures of Signature Version 4.
 *
 * What every request runs through stands here, so: only one-shot hashes, never hash objects
 * with a finalizer, and no buffer made per call. A signature is two hashes over buffers that
 * belong to the signing key.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { Credentials } from "./credentials.ts";

/** The algorithm's name, as requests spell it. */
export const ALGORITHM = "AWS4-HMAC-SHA256";
/** The service that a credential scope names. */
export const SERVICE = "s3";
/** The end of every credential scope. */
export const TERMINATOR = "aws4_request";
/** SHA-256 of nothing, in hex. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Block size of SHA-256 in bytes. */
const BLOCK = 64;
/** Length of a SHA-256 in bytes. */
const DIGEST = 32;
/** Days whose signing keys are kept: a presigned request may be a week old. */
const KEPT_DAYS = 10;

// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
const utf8 = new TextEncoder();

/**
 * SHA-256 of a byte string.
 *
 * @param text One character a byte.
 * @returns The hash in lower-case hex.
 */
export function sha256Hex(text: string): string {
  return hash("sha256", ASCII.test(text) ? text : Buffer.from(text, "latin1"), "hex");
}

/** An HMAC-SHA256 key, its padded blocks laid out once. */
class HmacKey {
  #inner: Uint8Array;
  #message: Uint8Array;
  readonly #outer = new Uint8Array(BLOCK + DIGEST).fill(0x5c, 0, BLOCK);

  /** @param key The key's bytes. */
  constructor(key: Uint8Array) {
    this.#inner = new Uint8Array(BLOCK).fill(0x36);
    this.#message = this.#inner.subarray(BLOCK);
    const block = key.length > BLOCK ? hash("sha256", key, "buffer") : key;
    for (let i = 0; i < block.length; i++) {
      this.#inner[i]! ^= block[i]!;
      this.#outer[i]! ^= block[i]!;
    }
  }

  /** Lays the message behind the inner pad and takes the inner hash into the outer block. */
  #fill(message: string): void {
    if (this.#message.length !== message.length) {
      const inner = new Uint8Array(BLOCK + message.length);
      inner.set(this.#inner.subarray(0, BLOCK));
      this.#inner = inner;
      this.#message = inner.subarray(BLOCK);
    }
    utf8.encodeInto(message, this.#message);
    const digest = hash("sha256", this.#inner, "binary");
    for (let i = 0; i < DIGEST; i++) this.#outer[BLOCK + i] = digest.charCodeAt(i);
  }

  /** HMAC of an ASCII message, in lower-case hex. */
  hex(message: string): string {
    this.#fill(message);
    return hash("sha256", this.#outer, "hex");
  }

  /** HMAC of an ASCII message, as bytes. */
  bytes(message: string): Uint8Array {
    this.#fill(message);
    return hash("sha256", this.#outer, "buffer");
  }
}

/** The key of one day, region and service, and the scope that it is good for. */
export class SigningKey {
  /** The credential scope: `20130524/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  readonly #key: HmacKey;

  /**
   * Derives the key.
   *
   * @param secretAccessKey The secret.
   * @param date The day, `YYYYMMDD`.
   * @param region The region, ASCII.
   */
  constructor(secretAccessKey: string, date: string, region: string) {
    let key: Uint8Array = utf8.encode("AWS4" + secretAccessKey);
    for (const part of [date, region, SERVICE, TERMINATOR]) key = new HmacKey(key).bytes(part);
    this.#key = new HmacKey(key);
    this.scope = `${date}/${region}/${SERVICE}/${TERMINATOR}`;
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
