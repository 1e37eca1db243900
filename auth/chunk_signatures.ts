/**
 * The signatures of a body's chunks, each of which continues the one before.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { S3Error } from "@s3-edge-cache/s3";
import { sha256Hex } from "./sha256.ts";
import { EMPTY_SHA256, sameSignature, type SigningKey } from "./signature.ts";

/** Where a chain of chunk signatures begins. */
export interface ChunkSeed {
  /** Whose key signed. */
  readonly accessKeyId: string;
  /** The signature of the request's head. */
  readonly signature: string;
  /** The time of the request, ISO 8601 basic. */
  readonly dateTime: string;
  /** The key that verified it. */
  readonly signingKey: SigningKey;
}

/** What the signature of a chunk, or of the trailer, covers. */
function chunkStringToSign(
  kind: "PAYLOAD" | "TRAILER",
  { dateTime, signingKey }: ChunkSeed,
  previous: string,
  hashes: string,
): string {
  return `AWS4-HMAC-SHA256-${kind}\n${dateTime}\n${signingKey.scope}\n${previous}\n${hashes}`;
}

/**
 * Signs a chunk.
 *
 * @param seed Where the chain begins.
 * @param previous The signature before this one.
 * @param dataHash SHA-256 of the chunk's data, in hex.
 */
export function chunkSignature(seed: ChunkSeed, previous: string, dataHash: string): string {
  const text = chunkStringToSign("PAYLOAD", seed, previous, `${EMPTY_SHA256}\n${dataHash}`);
  return seed.signingKey.sign(text);
}

/** Checks chunk after chunk. */
export class ChunkSignatures {
  readonly #seed: ChunkSeed;
  #previous: string;
  #provided = "";
  #hash: Hash | undefined;

  /** @param seed The verified signature of the request's head. */
  constructor(seed: ChunkSeed) {
    this.#seed = seed;
    this.#previous = seed.signature;
  }

  /** Begins a chunk that came with this signature. */
  begin(signature: string): void {
    this.#provided = signature;
    this.#hash = undefined;
  }

  /** Takes in data of the chunk. */
  update(data: Uint8Array): void {
    this.#hash ??= createHash("sha256");
    this.#hash.update(data);
  }

  /**
   * Ends the chunk.
   *
   * @throws {S3Error} SignatureDoesNotMatch.
   */
  end(): void {
    const hash = this.#hash?.digest("hex") ?? EMPTY_SHA256;
    this.#check("PAYLOAD", `${EMPTY_SHA256}\n${hash}`, this.#provided);
  }

  /**
   * Checks the trailer.
   *
   * @param text The trailer's lines `name:value`, each with a line feed behind it.
   * @param signature The signature as it came.
   * @throws {S3Error} SignatureDoesNotMatch.
   */
  checkTrailer(text: string, signature: string): void {
    this.#check("TRAILER", sha256Hex(text), signature);
  }

  #check(kind: "PAYLOAD" | "TRAILER", hashes: string, provided: string): void {
    const { accessKeyId, signingKey } = this.#seed;
    const text = chunkStringToSign(kind, this.#seed, this.#previous, hashes);
    const signature = signingKey.sign(text);
    if (!sameSignature(signature, provided)) {
      throw new S3Error("SignatureDoesNotMatch", {
        details: {
          AWSAccessKeyId: accessKeyId,
          StringToSign: text,
          SignatureProvided: provided,
        },
      });
    }
    this.#previous = signature;
  }
}
