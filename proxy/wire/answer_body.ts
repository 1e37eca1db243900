/**
 * Sending the body of an answer so that it never looks whole when it is not.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";
import type { AnswerHead } from "./answer_head.ts";
import { BrokenOff, type Output } from "./output.ts";

/** Gives the same bytes; rejects with BrokenOff as soon as the client leaves, or they fail. */
export type WhileHere = (
  read: Promise<Uint8Array | undefined>,
) => Promise<Uint8Array | undefined>;

/**
 * Sends a body that is here.
 *
 * @param output Where it goes; not flushed at the end.
 * @param body The body.
 * @param head What its answer's head says of it.
 * @returns A promise where something had to be sent first.
 * @throws {BrokenOff} if it is not as long as announced, or the client left.
 */
export function sendBytes(
  output: Output,
  body: Uint8Array,
  { length }: AnswerHead,
): void | Promise<void> {
  if (body.length !== length) throw new BrokenOff();
  return output.bytes(body);
}

/**
 * Sends a body as it comes. Nothing more is sent of one that breaks off, or is not as long as
 * announced: the connection has to be cut.
 *
 * @param output Where it goes; not flushed at the end.
 * @param source The body; whoever called releases it.
 * @param head What its answer's head says of it.
 * @param whileHere Waits for bytes.
 * @throws {BrokenOff} if it broke off, or the client left.
 */
export async function sendSource(
  output: Output,
  source: ByteSource,
  { framing, length }: AnswerHead,
  whileHere: WhileHere,
): Promise<void> {
  const chunked = framing === "chunked";
  let sent = 0;
  for (;;) {
    let read = nextOf(source);
    if (read instanceof Promise) {
      // Who leaves while the flush waits has the body released, and this read fail.
      read.catch(ignore);
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

function ignore(): void {}

function nextOf(source: ByteSource) {
  try {
    return source.read();
  } catch {
    throw new BrokenOff();
  }
}

async function sendChunk(output: Output, bytes: Uint8Array): Promise<void> {
  await output.text(`${bytes.length.toString(16)}\r\n`);
  await output.bytes(bytes);
  await output.text("\r\n");
}
