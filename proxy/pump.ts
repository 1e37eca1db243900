/**
 * Carrying the origin's bytes into a fill.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";
import type { EntryRecord } from "./entry_record.ts";
import type { IntegrityCheck } from "./integrity.ts";
import type { Trace } from "./trace.ts";

const EMPTY = new Uint8Array();

/** A fill that is announced. */
export interface AnnouncedFill {
  /** The fill. */
  readonly fill: Fill<EntryRecord>;
  /** Holds the bytes against what is known of them. */
  readonly check: IntegrityCheck;
  /** Length of the body in bytes. */
  readonly size: number;
  /** The trace of the leader's own request. */
  readonly trace: Trace;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Carries a body into a fill, as fast as it comes, for as long as anybody reads along. The entry
 * is admitted in the turn in which its last byte lands: a client that has read it finds the entry.
 * Whoever reads along last may release the body to end the fill at once.
 *
 * @param body A body that nobody reads yet; released here in every case.
 * @param announced The fill; ended here in every case.
 */
export async function pump(
  body: ByteSource,
  { fill, check, size, trace, now }: AnnouncedFill,
): Promise<void> {
  let received = 0;
  const land = (view: Uint8Array, isInPlace: boolean): boolean => {
    received += view.length;
    check.update(view);
    const goesOn = isInPlace ? fill.skip(view.length) : fill.write(view);
    if (!goesOn) trace.fillGivenUp = true;
    else if (received === size && check.passes()) fill.commit(now());
    else if (received === size) {
      trace.fillGivenUp = true;
      fill.finish();
    }
    return goesOn;
  };
  try {
    if (size === 0) land(EMPTY, false);
    while (received === size || fill.followed) {
      const room = fill.room();
      const coming = room && body.readInto?.(room);
      if (coming !== undefined) {
        if (!land(room!.subarray(0, await coming), true)) break;
        continue;
      }
      const read = body.read();
      const view = read instanceof Promise ? await read : read;
      if (view === undefined || !land(view, false)) break;
    }
  } catch {
    // The way to the origin broke: those who read along hear of it by the abort.
  }
  fill.abort();
  body.release();
}
