/**
 * Carrying the origin's bytes into a fill.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import type { EntryRecord } from "./entry_record.ts";
import type { IntegrityCheck } from "./integrity.ts";

/** A fill that is announced. */
export interface AnnouncedFill {
  /** The fill. */
  readonly fill: Fill<EntryRecord>;
  /** Holds the bytes against what is known of them. */
  readonly check: IntegrityCheck;
  /** Length of the body in bytes. */
  readonly size: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Settles when the leader's own client has its answer, or left. */
  readonly completed: Promise<void>;
}

/**
 * Carries a body into a fill, as fast as it comes, for as long as anybody reads along. The entry
 * is admitted in the turn in which its last byte lands: a client that has read it finds the entry.
 *
 * @param body A body that nobody reads yet; it is read to its end or cancelled.
 * @param announced The fill; ended here in every case.
 */
export async function pump(
  body: ReadableStream<Uint8Array>,
  { fill, check, size, now, completed }: AnnouncedFill,
): Promise<void> {
  const reader = body.getReader();
  let received = 0;
  completed.then(() => fill.followed ? undefined : reader.cancel()).catch(() => {});
  const endAtSize = () => {
    if (received !== size) return;
    if (check.passes()) fill.commit(now());
    else fill.finish();
  };
  try {
    endAtSize();
    while (received === size || fill.followed) {
      const { done, value } = await reader.read();
      if (done) break;
      received += value.length;
      check.update(value);
      if (!fill.write(value)) break;
      endAtSize();
    }
  } catch {
    // The way to the origin broke: those who read along hear of it by the abort.
  }
  fill.abort();
  await reader.cancel().catch(() => {});
}
