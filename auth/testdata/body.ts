/**
 * Bodies for tests, as byte strings: one character a byte.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** A stream of a byte string, cut into pieces of the given size. */
export function streamOf(text: string, piece = 4096): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= text.length) return controller.close();
      controller.enqueue(new Uint8Array(Buffer.from(text.slice(at, at + piece), "latin1")));
      at += piece;
    },
  });
}

/** All that a stream gives, as a byte string. */
export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString("latin1");
}

/** Where signed chunks begin. */
export interface ChunkSigner {
  /** The signature of the request's head. */
  readonly signature: string;
  /** The time of the request, ISO 8601 basic. */
  readonly dateTime: string;
  /** The key that signs. */
  readonly signingKey: { readonly scope: string; sign(text: string): string };
}

/** What a chunked body is made of. */
export interface ChunkedText {
  /** The data of each chunk but the last, which is empty. */
  readonly chunks: readonly string[];
  /** The trailer's lines, `name:value`. */
  readonly trailer?: readonly string[];
  /** Signs the chunks, and the trailer where there is one. */
  readonly signer?: ChunkSigner;
}

const EMPTY = sha256("");

function sha256(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("hex");
}

/** Writes a body in aws-chunked framing. */
export function chunkedText({ chunks, trailer, signer }: ChunkedText): string {
  let previous = signer?.signature ?? "";
  const sign = (kind: string, hashes: string) => {
    const { dateTime, signingKey } = signer!;
    return previous = signingKey.sign(
      `AWS4-HMAC-SHA256-${kind}\n${dateTime}\n${signingKey.scope}\n${previous}\n${hashes}`,
    );
  };
  let text = "";
  for (const data of [...chunks, ""]) {
    text += data.length.toString(16);
    if (signer) text += `;chunk-signature=${sign("PAYLOAD", `${EMPTY}\n${sha256(data)}`)}`;
    text += "\r\n";
    if (data !== "") text += data + "\r\n";
  }
  for (const line of trailer ?? []) text += line + "\r\n";
  if (signer && trailer) {
    const lines = trailer.map((line) => line + "\n").join("");
    text += `x-amz-trailer-signature:${sign("TRAILER", sha256(lines))}\r\n`;
  }
  return text + "\r\n";
}

/** What came of reading a stream to its end. */
export interface ReadBody {
  /** What it gave, as a byte string. */
  readonly data: string;
  /** What it errored with, if it did. */
  readonly error: unknown;
}

/** Reads a stream to its end, good or bad. */
export async function readBody(stream: ReadableStream<Uint8Array>): Promise<ReadBody> {
  let data = "";
  try {
    for await (const piece of stream) data += Buffer.from(piece).toString("latin1");
    return { data, error: undefined };
  } catch (error) {
    return { data, error };
  }
}
