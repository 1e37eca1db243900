/**
 * What dry-run keeps of a body: enough to tell it from another one.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Fill, Lease } from "@s3-edge-cache/cache";
import { concatenated } from "./beginning.ts";
import type { EntryRecord } from "./entry_record.ts";

/** Bytes of a digest. A body that is no longer is kept as it is. */
const DIGEST_BYTES = 32;

/** Takes a body in, and gives its mark: its SHA-256, or the body itself if that is no longer. */
export class BodyMark {
  readonly #hash: ReturnType<typeof createHash> = createHash("sha256");
  readonly #beginning: Uint8Array[] = [];
  /** How many bytes have come. */
  size: number = 0;

  /** Takes the next bytes. */
  update(view: Uint8Array): void {
    if (this.size <= DIGEST_BYTES) this.#beginning.push(view.slice(0, DIGEST_BYTES));
    this.#hash.update(view);
    this.size += view.length;
  }

  /** The mark. Asked for once, at the end. */
  finish(): Uint8Array {
    const digest = new Uint8Array(this.#hash.digest());
    return this.size <= DIGEST_BYTES ? concatenated(this.#beginning) : digest;
  }
}

/** Whether two marks are of the same body. */
export function isSameMark(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

/**
 * Ends a fill that has begun with a mark in place of its body; the entry weighs what the body would.
 *
 * @param size Length of the body in bytes.
 * @param now The time from which the entry's age counts.
 */
export function fillWithMark(
  fill: Fill<EntryRecord>,
  mark: Uint8Array,
  size: number,
  now: number,
): void {
  if (fill.skip(size - mark.length) && fill.write(mark)) fill.commit(now);
}

/** The mark that an entry was filled with; a copy. */
export function readMark(lease: Lease<EntryRecord>): Uint8Array {
  const start = Math.max(0, lease.size - DIGEST_BYTES);
  return concatenated([...lease.chunks(start, lease.size)]);
}
