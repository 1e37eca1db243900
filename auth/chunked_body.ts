/**
 * The aws-chunked framing, read.
 *
 * A body is a row of chunks, `size[;chunk-signature=…]CRLF data CRLF`, the last of size 0, and
 * then the trailer. Data is handed on as views of what came in, whatever size the chunks have;
 * only lines and the trailer are gathered, and they are bounded.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { S3Error } from "@s3-edge-cache/s3";
import { type Checksum, createChecksum } from "./checksum.ts";
import type { ChunkSignatures } from "./chunk_signatures.ts";
import type { ChunkedPayload } from "./payload.ts";
import { readTrailer } from "./trailer.ts";

/** Longest line that begins a chunk, in bytes. */
const MAX_LINE = 256;
/** Longest trailer, in bytes. */
const MAX_TRAILER = 4096;

const LF = 0x0a;
const CR = 0x0d;

/** `400;chunk-signature=…`; extensions other than the signature are no part of the framing. */
const CHUNK_LINE = /^([0-9A-Fa-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?\r\n$/;

/** What the next byte belongs to. */
type Expected = "line" | "data" | "data CR" | "data LF" | "trailer";

/** Takes the framing off a body and checks its signatures, its trailer and its length. */
export class ChunkedBody {
  readonly #payload: ChunkedPayload;
  readonly #signatures: ChunkSignatures | undefined;
  readonly #checksum: Checksum | undefined;
  #expected: Expected = "line";
  #line = "";
  /** Bytes of the present chunk that have not come yet. */
  #chunkLeft = 0;
  /** Decoded bytes that have not been announced by a chunk yet. */
  #lengthLeft: number;
  #trailerText = "";
  #trailerValue: string | undefined;

  /**
   * @param payload What the request says of its body.
   * @param signatures Checks the chunks' signatures; `undefined` for unsigned chunks.
   */
  constructor(payload: ChunkedPayload, signatures: ChunkSignatures | undefined) {
    this.#payload = payload;
    this.#signatures = signatures;
    this.#lengthLeft = payload.decodedLength;
    if (payload.trailer !== undefined) this.#checksum = createChecksum(payload.trailer.algorithm);
  }

  /** The verified value of the trailer, once the body has ended. */
  get trailerValue(): string | undefined {
    return this.#trailerValue;
  }

  /**
   * Takes in bytes of the body.
   *
   * @param bytes Any number of bytes, cut anywhere.
   * @returns The data among them, as views.
   * @throws {S3Error} IncompleteBody for faulty framing, SignatureDoesNotMatch for a chunk whose
   * signature is wrong.
   */
  write(bytes: Uint8Array): Uint8Array[] {
    const data: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length) {
      switch (this.#expected) {
        case "line":
          at = this.#readLine(bytes, at);
          break;
        case "data": {
          const end = Math.min(bytes.length, at + this.#chunkLeft);
          data.push(this.#readData(bytes.subarray(at, end)));
          at = end;
          break;
        }
        case "data CR":
          if (bytes[at++] !== CR) throw malformed();
          this.#expected = "data LF";
          break;
        case "data LF":
          if (bytes[at++] !== LF) throw malformed();
          this.#expected = "line";
          break;
        case "trailer":
          this.#gatherTrailer(bytes.subarray(at));
          at = bytes.length;
      }
    }
    return data;
  }

  /**
   * Ends the body.
   *
   * @throws {S3Error} IncompleteBody if it is not whole, MalformedTrailerError, InvalidRequest,
   * SignatureDoesNotMatch or BadDigest for its trailer.
   */
  end(): void {
    if (this.#expected !== "trailer" || this.#lengthLeft !== 0) throw malformed();
    this.#trailerValue = readTrailer(
      this.#trailerText,
      this.#payload,
      this.#signatures,
      this.#checksum,
    );
  }

  #readLine(bytes: Uint8Array, at: number): number {
    const found = bytes.indexOf(LF, at);
    const end = found < 0 ? bytes.length : found + 1;
    if (this.#line.length + end - at > MAX_LINE) throw malformed();
    this.#line += latin1(bytes.subarray(at, end));
    if (found >= 0) {
      const line = this.#line;
      this.#line = "";
      this.#beginChunk(line);
    }
    return end;
  }

  #beginChunk(line: string): void {
    const match = CHUNK_LINE.exec(line);
    if (match === null) throw malformed();
    const size = parseInt(match[1]!, 16);
    const signature = match[2];
    if (size > this.#lengthLeft) throw malformed();
    this.#lengthLeft -= size;
    this.#chunkLeft = size;
    if (this.#signatures !== undefined) {
      if (signature === undefined) throw malformed();
      this.#signatures.begin(signature);
      if (size === 0) this.#signatures.end();
    }
    this.#expected = size === 0 ? "trailer" : "data";
  }

  #readData(data: Uint8Array): Uint8Array {
    this.#signatures?.update(data);
    this.#checksum?.update(data);
    this.#chunkLeft -= data.length;
    if (this.#chunkLeft === 0) {
      this.#signatures?.end();
      this.#expected = "data CR";
    }
    return data;
  }

  #gatherTrailer(bytes: Uint8Array): void {
    if (this.#trailerText.length + bytes.length > MAX_TRAILER) throw malformed();
    this.#trailerText += latin1(bytes);
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function malformed(): S3Error {
  return new S3Error("IncompleteBody");
}
