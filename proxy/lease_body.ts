/**
 * The bytes of a lease as the body of an answer.
 *
 * @module
 */
import type { Lease } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";

/**
 * A part of an entry as a body; the lease is given back with it. Even small ones are not copied: a
 * front may have a buffer at hand, and buffers of their own are what costs a small hit most.
 *
 * @param lease The entry.
 * @param start Position of the first byte.
 * @param end Position after the last byte.
 */
export function leaseBody(lease: Lease<unknown>, start: number, end: number): ByteSource {
  const chunks = lease.chunks(start, end)[Symbol.iterator]();
  return {
    lasting: true,
    read: () => chunks.next().value ?? undefined,
    release: () => lease.release(),
  };
}
