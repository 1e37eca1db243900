/**
 * Bodies for tests, as byte strings: one character a byte.
 *
 * @module
 */
import { Buffer } from "node:buffer";

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
