/**
 * The bytes of a lease as the body of an answer.
 *
 * @module
 */
import type { Lease } from "@s3-edge-cache/cache";

/** Up to here a copy costs less than a stream, in bytes. */
const COPY_BYTES = 16 * 1024;

/**
 * A part of an entry as a body; the lease is given back when the body has been sent or its
 * reader is gone.
 *
 * @param lease The entry.
 * @param start Position of the first byte.
 * @param end Position after the last byte.
 * @param completed Settles when the answer has been sent or can't be.
 */
export function leaseBody(
  lease: Lease<unknown>,
  start: number,
  end: number,
  completed: Promise<void>,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  if (end - start <= COPY_BYTES) {
    const copy = new Uint8Array(end - start);
    let length = 0;
    for (const chunk of lease.chunks(start, end)) {
      copy.set(chunk, length);
      length += chunk.length;
    }
    lease.release();
    return copy;
  }
  const release = () => lease.release();
  completed.then(release, release);
  const chunks = lease.chunks(start, end)[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}
