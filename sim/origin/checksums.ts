/**
 * The checksums of S3 over bytes that are all there.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { HeaderList, HeaderPair } from "@s3-edge-cache/s3";
import { OriginError } from "./error.ts";
import type { Checksum, ChecksumAlgorithm } from "./stored_object.ts";

/** The algorithms, each with its header field. */
const CHECKSUM_HEADERS: readonly (readonly [ChecksumAlgorithm, string])[] = [
  ["CRC32", "x-amz-checksum-crc32"],
  ["CRC32C", "x-amz-checksum-crc32c"],
  ["CRC64NVME", "x-amz-checksum-crc64nvme"],
  ["SHA1", "x-amz-checksum-sha1"],
  ["SHA256", "x-amz-checksum-sha256"],
];

/** The header field of an algorithm. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return CHECKSUM_HEADERS.find(([name]) => name === algorithm)![1];
}

/** The element of an algorithm in documents. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/**
 * The algorithm of a name.
 *
 * @throws {OriginError} InvalidRequest for a name that S3 does not know.
 */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const found = CHECKSUM_HEADERS.find(([algorithm]) => algorithm === name.toUpperCase());
  if (found === undefined) {
    throw new OriginError("InvalidRequest", {
      message: "Checksum algorithm provided is unsupported. Please try again with any of the " +
        "valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
    });
  }
  return found[0];
}

/** The checksum of some bytes, in Base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  switch (algorithm) {
    case "CRC32":
      return base64OfWord(crc32(body));
    case "CRC32C":
      return base64OfWord(crc32c(body));
    case "CRC64NVME":
      return crc64nvme(body);
    case "SHA1":
      return hash("sha1", body, "base64");
    case "SHA256":
      return hash("sha256", body, "base64");
  }
}

/**
 * Holds a body against the digests that came with it, and says which checksum is kept.
 *
 * @param headers The request's header fields.
 * @param trailers The fields that came behind the body.
 * @param body The body, decoded.
 * @param fallback The algorithm where the client chose none.
 * @returns The client's checksum, or one of the fallback algorithm.
 * @throws {OriginError} InvalidDigest for a Content-MD5 that is none, BadDigest where body and
 * digest disagree, InvalidRequest for several checksums or one that is malformed.
 */
export function verifyDigests(
  headers: HeaderList,
  trailers: readonly HeaderPair[],
  body: Uint8Array,
  fallback: ChecksumAlgorithm = "CRC64NVME",
): Checksum {
  verifyContentMd5(headers.get("content-md5"), body);
  const given = [...headers.pairs, ...trailers].flatMap(([name, value]) => {
    const found = CHECKSUM_HEADERS.find(([, header]) => header === name);
    return found === undefined ? [] : [{ algorithm: found[0], value }];
  });
  if (given.length > 1) {
    throw new OriginError("InvalidRequest", {
      message:
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    });
  }
  const chosen = given[0];
  if (chosen === undefined) {
    checkAnnouncedChecksum(headers);
    return { algorithm: fallback, value: checksumOf(fallback, body), type: "FULL_OBJECT" };
  }
  checkChecksum(chosen.algorithm, chosen.value, body);
  return { ...chosen, type: "FULL_OBJECT" };
}

/**
 * For the operations whose documents S3 does not take without a digest.
 *
 * @throws {OriginError} InvalidRequest
 */
export function requireDigest(headers: HeaderList, trailers: readonly HeaderPair[]): void {
  const given = [...headers.pairs, ...trailers].some(([name]) => {
    return name === "content-md5" || CHECKSUM_HEADERS.some(([, header]) => header === name);
  });
  if (given) return;
  throw new OriginError("InvalidRequest", {
    message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
  });
}

function verifyContentMd5(given: string | undefined, body: Uint8Array): void {
  if (given === undefined) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(given)) {
    throw new OriginError("InvalidDigest", { details: { "Content-MD5": given } });
  }
  const computed = hash("md5", body, "base64");
  if (computed !== given) {
    throw new OriginError("BadDigest", {
      details: { ExpectedDigest: given, CalculatedDigest: computed },
    });
  }
}

/** A checksum that a header announces must be there. */
function checkAnnouncedChecksum(headers: HeaderList): void {
  if (headers.has("x-amz-sdk-checksum-algorithm")) {
    throw new OriginError("InvalidRequest", {
      message: "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* " +
        "or x-amz-trailer headers were found.",
    });
  }
}

function checkChecksum(algorithm: ChecksumAlgorithm, value: string, body: Uint8Array): void {
  const computed = checksumOf(algorithm, body);
  if (value.length !== computed.length || !/^[A-Za-z0-9+/]+=*$/.test(value)) {
    throw new OriginError("InvalidRequest", {
      message: `Value for ${checksumHeader(algorithm)} header is invalid.`,
    });
  }
  if (computed !== value) {
    throw new OriginError("BadDigest", {
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
  }
}

function base64OfWord(word: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(word >>> 0);
  return bytes.toString("base64");
}

/** CRC-32C (Castagnoli), reflected. */
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(body: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC32C_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-64/NVME, reflected, each entry as its high and its low half. */
const CRC64_TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  }
  return [Number(value >> 32n), Number(value & 0xffffffffn)] as const;
});
const CRC64_HIGH = Uint32Array.from(CRC64_TABLE, ([high]) => high);
const CRC64_LOW = Uint32Array.from(CRC64_TABLE, ([, low]) => low);

function crc64nvme(body: Uint8Array): string {
  let high = -1;
  let low = -1;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = CRC64_LOW[index]! ^ ((low >>> 8) | (high << 24));
    high = CRC64_HIGH[index]! ^ (high >>> 8);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(~high >>> 0);
  bytes.writeUInt32BE(~low >>> 0, 4);
  return bytes.toString("base64");
}
