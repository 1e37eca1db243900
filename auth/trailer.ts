/**
 * The trailer of an aws-chunked body: what stands behind its last chunk.
 *
 * Clients end its lines with CRLF or with LF, and some put an empty line before the signature;
 * all of these are read.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { type Checksum, isChecksumValue } from "./checksum.ts";
import type { ChunkSignatures } from "./chunk_signatures.ts";
import type { ChunkedPayload } from "./payload.ts";

const SIGNATURE = "x-amz-trailer-signature";

/**
 * Reads and checks a trailer.
 *
 * @param text What stands behind the line of the last chunk, one character a byte.
 * @param payload What the request said of its body.
 * @param signatures The chain that the trailer's signature continues; `undefined` for none.
 * @param checksum The checksum of the data; `undefined` if no trailer was announced.
 * @returns The trailer's verified value; `undefined` if none was announced.
 * @throws {S3Error} IncompleteBody if the trailer is cut off, MalformedTrailerError if it is not
 * what was announced, InvalidRequest if its value is no checksum, SignatureDoesNotMatch if its
 * signature and BadDigest if its value is wrong.
 */
export function readTrailer(
  text: string,
  payload: ChunkedPayload,
  signatures: ChunkSignatures | undefined,
  checksum: Checksum | undefined,
): string | undefined {
  if (!text.endsWith("\n")) throw new S3Error("IncompleteBody");
  const fields = parseFields(text);
  const signature = fields.get(SIGNATURE);
  fields.delete(SIGNATURE);
  const { trailer } = payload;
  if (trailer === undefined || checksum === undefined) {
    if (fields.size > 0 || signature !== undefined) throw new S3Error("MalformedTrailerError");
    return undefined;
  }
  const value = fields.get(trailer.name);
  if (value === undefined || fields.size !== 1) throw new S3Error("MalformedTrailerError");
  if (signatures !== undefined) {
    if (signature === undefined) throw new S3Error("MalformedTrailerError");
    signatures.checkTrailer(`${trailer.name}:${value}\n`, signature);
  }
  if (!isChecksumValue(trailer.algorithm, value)) {
    throw new S3Error("InvalidRequest", {
      message: `Value for ${trailer.name} trailing header is invalid.`,
    });
  }
  if (checksum.digest() !== value) {
    throw new S3Error("BadDigest", {
      message: `The ${trailer.algorithm.toUpperCase()} you specified did not match the ` +
        "calculated checksum.",
    });
  }
  return value;
}

function parseFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const content = line.trim();
    if (content === "") continue;
    const colon = content.indexOf(":");
    const name = content.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name === "" || fields.has(name)) throw new S3Error("MalformedTrailerError");
    fields.set(name, content.slice(colon + 1).trim());
  }
  return fields;
}
