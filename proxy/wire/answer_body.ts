/**
 * Sending the body of an answer so that it never looks whole when it is not.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";
import type { AnswerHead } from "./answer_head.ts";
import { BrokenOff, type Output } from "./output.ts";

/**
 * Sends a body. Nothing more is sent of one that breaks off, or is not as long as announced: the
 * connection has to be cut.
 *
 * @param output Where it goes; not flushed at the end.
 * @param body The body; whoever called releases it.
 * @param head What its answer's head says of it.
 * @param whileHere Waits for bytes as long as the client is there.
 * @throws {BrokenOff} if it broke off, or the client left.
 */
export async function sendBody(
  output: Output,
  body: Uint8Array | ByteSource,
  { framing, length }: AnswerHead,
  whileHere: (read: Promise<Uint8Array | undefined>) => Promise<Uint8Array | undefined>,
): Promise<void> {
  const chunked = framing === "chunked";
  let sent = 0;
  for (;;) {
    let read = nextOf(body, sent);
    if (read instanceof Promise) {
      await output.flush();
      read = await whileHere(read);
    }
    if (read === undefined) break;
    sent += read.length;
    if (framing === "length" && sent > length) throw new BrokenOff();
    const wait = chunked ? sendChunk(output, read) : output.bytes(read);
    if (wait !== undefined) await wait;
  }
  if (framing === "length" && sent !== length) throw new BrokenOff();
  if (chunked) await output.text("0\r\n\r\n");
}

function nextOf(body: Uint8Array | ByteSource, sent: number) {
  if (body instanceof Uint8Array) return sent === 0 && body.length > 0 ? body : undefined;
  try {
    return body.read();
  } catch {
    throw new BrokenOff();
  }
}

async function sendChunk(output: Output, bytes: Uint8Array): Promise<void> {
  await output.text(`${bytes.length.toString(16)}\r\n`);
  await output.bytes(bytes);
  await output.text("\r\n");
}
