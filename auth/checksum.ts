/**
 * The checksums that S3 takes with an upload.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { createCRC32, createCRC64, type IHasher } from "hash-wasm";

/** A checksum algorithm, spelled as in `x-amz-checksum-<algorithm>`. */
export type ChecksumAlgorithm = "crc32" | "crc32c" | "crc64nvme" | "sha1" | "sha256";

/** A checksum in the making. */
export interface Checksum {
  /** Takes in further bytes. */
  update(bytes: Uint8Array): void;
  /** The checksum of all bytes, in base64. Ends the use of the object. */
  digest(): string;
}

/** The header name of a checksum without its algorithm. */
const PREFIX = "x-amz-checksum-";

/** Length of each checksum in bytes. */
const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

/**
 * How many characters the value of a checksum has, in base64.
 *
 * @param algorithm The algorithm.
 */
export function checksumValueLength(algorithm: ChecksumAlgorithm): number {
  return Math.ceil(LENGTHS[algorithm] / 3) * 4;
}

/** Engines that every checksum of the kind shares: state is put in and taken out around a use. */
const CRC32C = await createCRC32(0x82f63b78);
const CRC64NVME = await createCRC64("9a6c9329ac4bc9b5");

/**
 * The algorithm that a header or trailer name stands for.
 *
 * @param name The name in lower case.
 * @returns The algorithm, `undefined` for a name that is no checksum's.
 */
export function checksumAlgorithm(name: string): ChecksumAlgorithm | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const algorithm = name.slice(PREFIX.length);
  return Object.hasOwn(LENGTHS, algorithm) ? algorithm as ChecksumAlgorithm : undefined;
}

/**
 * Whether a value is base64 of as many bytes as the algorithm gives.
 *
 * @param algorithm The algorithm.
 * @param value The value as it came.
 */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  return bytes.length === LENGTHS[algorithm] && bytes.toString("base64") === value;
}

/**
 * Begins a checksum.
 *
 * @param algorithm The algorithm.
 *
 * @example
 * ```ts
 * import { createChecksum } from "@s3-edge-cache/auth";
 * import assert from "node:assert/strict";
 *
 * const checksum = createChecksum("crc64nvme");
 * checksum.update(new TextEncoder().encode("123456789"));
 * assert.equal(checksum.digest(), "rosUhgp5mIg=");
 * ```
 */
export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case "crc32":
      return crc32Checksum();
    case "crc32c":
      return sharedEngine(CRC32C);
    case "crc64nvme":
      return sharedEngine(CRC64NVME);
    case "sha1":
    case "sha256":
      return shaChecksum(algorithm);
  }
}

function crc32Checksum(): Checksum {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

function sharedEngine(engine: IHasher): Checksum {
  let state = engine.init().save();
  return {
    update(bytes) {
      state = engine.load(state).update(bytes).save();
    },
    digest: () => Buffer.from(engine.load(state).digest("hex"), "hex").toString("base64"),
  };
}

function shaChecksum(algorithm: "sha1" | "sha256"): Checksum {
  const sha = createHash(algorithm);
  return {
    update(bytes) {
      sha.update(bytes);
    },
    digest: () => sha.digest("base64"),
  };
}
