/**
 * The aws-chunked framing, written: unsigned chunks and a trailer, for the way to the origin.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @module
 */
import { checksumValueLength } from "./checksum.ts";
import type { VerifiedTrailer } from "./verified_body.ts";

/** A framed body. */
export interface FramedBody {
  /** The framed bytes. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Their exact number. */
  readonly contentLength: number;
}

/** Bytes of data in every chunk but the last. */
const CHUNK_SIZE = 1024 * 1024;

const CRLF = "\r\n";
const utf8 = new TextEncoder();

function sizeLine(size: number): string {
  return size.toString(16) + CRLF;
}

function closing(name: string, value: string): string {
  return `${sizeLine(0)}${name}:${value}${CRLF}${CRLF}`;
}

/** Length of `length` bytes of data with framing and trailer. */
function framedLength(length: number, trailer: VerifiedTrailer): number {
  const chunk = (size: number) => sizeLine(size).length + size + CRLF.length;
  const rest = length % CHUNK_SIZE;
  return Math.floor(length / CHUNK_SIZE) * chunk(CHUNK_SIZE) + (rest > 0 ? chunk(rest) : 0) +
    closing(trailer.name, "").length + checksumValueLength(trailer.algorithm);
}

/**
 * Frames data. The last chunk and the trailer follow when the data has ended, and so has been
 * verified.
 *
 * @param data The data; if it errors, so does the framed stream.
 * @param length Length of the data in bytes.
 * @param trailer The trailer; its value is asked for at the end of the data.
 */
export function framedBody(
  data: ReadableStream<Uint8Array>,
  length: number,
  trailer: VerifiedTrailer,
): FramedBody {
  const reader = data.getReader();
  let left = length;
  let chunkLeft = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        if (left !== 0) throw new Error(`${left} bytes of the data are missing`);
        const end = length > 0 ? CRLF : "";
        controller.enqueue(utf8.encode(end + closing(trailer.name, trailer.value())));
        controller.close();
        return;
      }
      if (value.length > left) throw new Error("there is more data than announced");
      for (let at = 0; at < value.length;) {
        if (chunkLeft === 0) {
          chunkLeft = Math.min(left, CHUNK_SIZE);
          const end = left < length ? CRLF : "";
          controller.enqueue(utf8.encode(end + sizeLine(chunkLeft)));
        }
        const part = value.subarray(at, at + chunkLeft);
        controller.enqueue(part);
        at += part.length;
        chunkLeft -= part.length;
        left -= part.length;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { stream, contentLength: framedLength(length, trailer) };
}
