/**
 * The bytes of a lease as the body of an answer.
 *
 * @module
 */
import { copyBytes, type Lease } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";

/** Up to here a copy costs less than a source, in bytes. */
const COPY_BYTES = 16 * 1024;

/**
 * A part of an entry as a body; the lease is given back with it.
 *
 * @param lease The entry.
 * @param start Position of the first byte.
 * @param end Position after the last byte.
 */
export function leaseBody(
  lease: Lease<unknown>,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> | ByteSource {
  const chunks = lease.chunks(start, end)[Symbol.iterator]();
  if (end - start > COPY_BYTES) {
    return {
      lasting: true,
      read: () => chunks.next().value ?? undefined,
      release: () => lease.release(),
    };
  }
  const copy = new Uint8Array(end - start);
  let length = 0;
  for (let next = chunks.next(); !next.done; next = chunks.next()) {
    copyBytes(copy.subarray(length), next.value);
    length += next.value.length;
  }
  lease.release();
  return copy;
}
