/**
 * The aws-chunked framing, written: signed chunks, for the way to the origin.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @module
 */
import { hash } from "node:crypto";
import { type ChunkSeed, chunkSignature } from "./chunk_signatures.ts";

/** Bytes of data in every chunk but the last; each is held whole, to be signed before it is sent. */
const CHUNK_SIZE = 64 * 1024;

/** Length of a signature, in hex digits. */
const SIGNATURE_LENGTH = 64;

const CRLF = "\r\n";
const utf8 = new TextEncoder();

function chunkHead(size: number, signature: string): string {
  return `${size.toString(16)};chunk-signature=${signature}${CRLF}`;
}

/**
 * Length of data in signed chunks.
 *
 * @param length Length of the data in bytes.
 */
export function signedChunksLength(length: number): number {
  const placeholder = "0".repeat(SIGNATURE_LENGTH);
  const chunk = (size: number) => chunkHead(size, placeholder).length + size + CRLF.length;
  const rest = length % CHUNK_SIZE;
  return Math.floor(length / CHUNK_SIZE) * chunk(CHUNK_SIZE) + (rest > 0 ? chunk(rest) : 0) +
    chunk(0);
}

/**
 * Frames data in signed chunks. The last chunk, without which no server takes the body for
 * whole, follows when the data has ended well.
 *
 * @param data The data; if it errors, so does the framed stream.
 * @param seed The signature of the request's head.
 */
export function signedChunks(
  data: ReadableStream<Uint8Array>,
  seed: ChunkSeed,
): ReadableStream<Uint8Array> {
  const reader = data.getReader();
  let previous = seed.signature;
  let chunk = new Uint8Array(CHUNK_SIZE);
  let filled = 0;
  let rest: Uint8Array | undefined;
  const take = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const sent = chunk.subarray(0, filled);
    previous = chunkSignature(seed, previous, hash("sha256", sent, "hex"));
    controller.enqueue(utf8.encode(chunkHead(filled, previous)));
    if (filled > 0) controller.enqueue(sent);
    controller.enqueue(utf8.encode(CRLF));
    chunk = new Uint8Array(CHUNK_SIZE);
    filled = 0;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (filled < CHUNK_SIZE) {
        const { done, value } = rest === undefined
          ? await reader.read()
          : { done: false, value: rest };
        if (done) {
          if (filled > 0) take(controller);
          take(controller);
          return controller.close();
        }
        const part = value!.subarray(0, CHUNK_SIZE - filled);
        chunk.set(part, filled);
        filled += part.length;
        rest = part.length < value!.length ? value!.subarray(part.length) : undefined;
      }
      take(controller);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
