/**
 * The bytes of a file, decompressed.
 *
 * @module
 */
import { Decompress } from "fzstd";
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { plainReason, traceError } from "./trace_error.ts";

/** Bytes that are read at once. */
const CHUNK_BYTES = 262_144;

/** First bytes of gzip (RFC 1952, section 2.3.1) and of a zstd frame (RFC 8878, section 3.1.1). */
const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * Reads a file in chunks, and decompresses what begins as gzip or zstd does, all members and
 * frames of it.
 *
 * @param path The file.
 * @param onRead Hears how many bytes of the file were read, each time.
 * @throws {UsageError} if it can't be read, or ends before its compressed end.
 */
export async function* traceBytes(
  path: string,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const raw = rawBytes(path, onRead);
  const first = await raw.next();
  if (first.done) return;
  const all = prepended(first.value, raw);
  if (beginsWith(first.value, GZIP)) yield* gunzipped(path, all);
  else if (beginsWith(first.value, ZSTD)) yield* unzstded(path, all);
  else yield* all;
}

async function* rawBytes(path: string, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      onRead((chunk as Buffer).length);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw traceError(path, plainReason(error));
  }
}

async function* prepended(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* gunzipped(path: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const fed = feed(bytes, gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    throw traceError(path, `the gzip data is broken: ${plainReason(error)}`);
  }
  await fed;
}

/** Writes all bytes into a decompressor, as fast as it takes them. */
async function feed(
  bytes: AsyncIterable<Buffer>,
  into: ReturnType<typeof createGunzip>,
): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (into.destroyed) return;
      if (!into.write(chunk)) await drained(into);
    }
    into.end();
  } catch (error) {
    into.destroy(error as Error);
  }
}

function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    stream.once("drain", resolve);
    stream.once("close", resolve);
  });
}

async function* unzstded(path: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const out: Buffer[] = [];
  const decompress = new Decompress((chunk) => {
    if (chunk.length > 0) out.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  });
  const push = (chunk: Uint8Array, last: boolean): void => {
    try {
      decompress.push(chunk, last);
    } catch (error) {
      throw traceError(path, `the zstd data is broken: ${plainReason(error)}`);
    }
  };
  for await (const chunk of bytes) {
    push(chunk, false);
    yield* out.splice(0);
  }
  push(new Uint8Array(0), true);
  yield* out.splice(0);
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
