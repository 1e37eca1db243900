/**
 * The body of a request.
 *
 * @module
 */
import { type ByteReader, ConnectionLost } from "./byte_reader.ts";
import { OriginError } from "./error.ts";
import type { BodyLength } from "./request_head.ts";

/** The longest line between two chunks. */
const MAX_CHUNK_LINE = 4096;
/** The largest body that S3 takes in one request: 5 GiB. */
const MAX_BODY = 5 * 1024 ** 3;

/**
 * Reads a body to its end.
 *
 * @param reader The connection, at the body's first byte.
 * @param length How the body ends.
 * @param progress Is told of every byte that arrives.
 * @throws {OriginError} EntityTooLarge beyond 5 GiB, BadRequest for wrong chunk framing.
 * @throws {ConnectionLost} if the client hangs up before the end.
 */
export async function readBody(
  reader: ByteReader,
  length: BodyLength,
  progress: (bytes: number) => void,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  if (length.kind === "length") await readExactly(reader, length.bytes, pieces, progress);
  if (length.kind === "chunked") await readChunks(reader, pieces, progress);
  return join(pieces);
}

async function readExactly(
  reader: ByteReader,
  bytes: number,
  pieces: Uint8Array[],
  progress: (bytes: number) => void,
): Promise<void> {
  if (bytes > MAX_BODY) throw new OriginError("EntityTooLarge");
  for (let left = bytes; left > 0;) {
    const piece = await reader.readSome(left);
    pieces.push(piece);
    progress(piece.length);
    left -= piece.length;
  }
}

async function readChunks(
  reader: ByteReader,
  pieces: Uint8Array[],
  progress: (bytes: number) => void,
): Promise<void> {
  while (true) {
    const line = await reader.readUntil("\r\n", MAX_CHUNK_LINE);
    const size = /^([0-9A-Fa-f]{1,8})[ \t]*(;.*)?$/.exec(line ?? "");
    if (size === null) throw new OriginError("BadRequest");
    const bytes = parseInt(size[1]!, 16);
    if (bytes === 0) break;
    await readExactly(reader, bytes, pieces, progress);
    if (await reader.readUntil("\r\n", MAX_CHUNK_LINE) !== "") throw new OriginError("BadRequest");
  }
  for (let trailer: string | undefined = "-"; trailer !== "";) {
    trailer = await reader.readUntil("\r\n", MAX_CHUNK_LINE);
    if (trailer === undefined) throw new ConnectionLost("the request ended within its trailer");
  }
}

/** The pieces as one. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
