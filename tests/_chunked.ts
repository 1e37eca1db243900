/**
 * The aws-chunked framing as AWS describes it, written from the description alone:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @module
 */
import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

export const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
export const SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
export const UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/** A chunked upload before it is framed. */
export interface ChunkedUpload {
  /** One of Amazon's constants. */
  readonly form: typeof SIGNED | typeof SIGNED_TRAILER | typeof UNSIGNED_TRAILER;
  readonly data: Uint8Array;
  readonly chunkSize: number;
  /** The checksum that follows: name and value. */
  readonly trailer?: HeaderPair;
  /** What is announced as the decoded length, if it is not the true one. */
  readonly decodedLength?: number;
  /** Changes the parts of the framing before their signatures are written. */
  readonly tamper?: (parts: FramePart[]) => FramePart[];
}

/** A chunk or the trailer, in the order of sending. */
export interface FramePart {
  readonly head: string;
  readonly data: Uint8Array;
  readonly tail: string;
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, text: string) =>
  createHmac("sha256", key).update(text).digest();
const EMPTY = sha256("");

/** The fields that announce an upload; the length of its framed body among them. */
export function chunkedFields(upload: ChunkedUpload): HeaderPair[] {
  const { form, data, trailer, decodedLength } = upload;
  const fields: HeaderPair[] = [
    ["x-amz-decoded-content-length", String(decodedLength ?? data.length)],
    ["content-length", String(framed(upload, "0".repeat(64), "20200101T000000Z").length)],
  ];
  if (form !== SIGNED && trailer !== undefined) fields.push(["x-amz-trailer", trailer[0]]);
  return fields;
}

/** The framed body, by the signature and the time of the head. */
export function framed(upload: ChunkedUpload, seed: string, dateTime: string): Uint8Array {
  const parts = frame(upload, seed, dateTime);
  const tampered = upload.tamper === undefined ? parts : upload.tamper(parts);
  const bytes = tampered.flatMap(({ head, data, tail }) => [latin1(head), data, latin1(tail)]);
  const joined = new Uint8Array(bytes.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of bytes) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function frame(upload: ChunkedUpload, seed: string, dateTime: string): FramePart[] {
  const { form, data, chunkSize, trailer } = upload;
  const signed = form !== UNSIGNED_TRAILER;
  const parts: FramePart[] = [];
  let previous = seed;
  for (let at = 0; at <= data.length; at += chunkSize) {
    const chunk = data.subarray(at, at + chunkSize);
    if (chunk.length === 0) break;
    if (signed) previous = signature("PAYLOAD", dateTime, previous, `${EMPTY}\n${sha256(chunk)}`);
    parts.push({ head: sizeLine(chunk.length, signed, previous), data: chunk, tail: "\r\n" });
  }
  if (signed) previous = signature("PAYLOAD", dateTime, previous, `${EMPTY}\n${EMPTY}`);
  let tail = "";
  if (form !== SIGNED && trailer !== undefined) {
    tail = `${trailer[0]}:${trailer[1]}\r\n`;
    if (signed) {
      const hash = sha256(`${trailer[0]}:${trailer[1]}\n`);
      tail += `x-amz-trailer-signature:${signature("TRAILER", dateTime, previous, hash)}\r\n`;
    }
  }
  parts.push({
    head: sizeLine(0, signed, previous),
    data: new Uint8Array(0),
    tail: `${tail}\r\n`,
  });
  return parts;
}

function sizeLine(size: number, signed: boolean, signature: string): string {
  return `${size.toString(16)}${signed ? `;chunk-signature=${signature}` : ""}\r\n`;
}

function signature(kind: string, dateTime: string, previous: string, hashes: string): string {
  const day = dateTime.slice(0, 8);
  let key = hmac(`AWS4${CLIENT_CREDENTIALS.secretAccessKey}`, day);
  for (const part of ["us-east-1", "s3", "aws4_request"]) key = hmac(key, part);
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const text = `AWS4-HMAC-SHA256-${kind}\n${dateTime}\n${scope}\n${previous}\n${hashes}`;
  return hmac(key, text).toString("hex");
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The reflected CRC of some bytes, by its definition: bit by bit. */
function reflectedCrc(data: Uint8Array, polynomial: bigint, bits: number): bigint {
  const mask = (1n << BigInt(bits)) - 1n;
  let value = mask;
  for (const byte of data) {
    value ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
  }
  return value ^ mask;
}

function base64OfNumber(value: bigint, bytes: number): string {
  return Uint8Array.fromHex(value.toString(16).padStart(bytes * 2, "0")).toBase64();
}

/** The checksum of some bytes by each algorithm that S3 takes, by the name of its field. */
export const CHECKSUMS: Readonly<Record<string, (data: Uint8Array) => string>> = {
  "x-amz-checksum-crc32": (data) => base64OfNumber(BigInt(crc32(data)), 4),
  "x-amz-checksum-crc32c": (data) => base64OfNumber(reflectedCrc(data, 0x82f63b78n, 32), 4),
  "x-amz-checksum-crc64nvme": (data) =>
    base64OfNumber(reflectedCrc(data, 0x9a6c9329ac4bc9b5n, 64), 8),
  "x-amz-checksum-sha1": (data) => createHash("sha1").update(data).digest("base64"),
  "x-amz-checksum-sha256": (data) => createHash("sha256").update(data).digest("base64"),
};
