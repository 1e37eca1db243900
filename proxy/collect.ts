/**
 * Keeping a body that does not say how long it is.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import { NOT_SHARED } from "./abort_code.ts";
import { concatenated } from "./beginning.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { IntegrityCheck } from "./integrity.ts";

/** Most bytes that are collected; a longer body goes on, and is not kept. */
const MOST_BYTES = 1024 * 1024;

/** A fill that is not announced yet. */
export interface SilentFill {
  /** The fill. */
  readonly fill: Fill<EntryRecord>;
  /** What is stored beside the body. */
  readonly record: EntryRecord;
  /** Holds the bytes against what is known of them. */
  readonly check: IntegrityCheck;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Passes a body on to one client and collects it; the fill is announced when all of it is here.
 * Until then nobody else gets a byte: it may turn out too long to be kept.
 *
 * @param body A body that nobody reads yet.
 * @param silent The fill; ended here in every case.
 */
export function collectedBody(
  body: ReadableStream<Uint8Array>,
  { fill, record, check, now }: SilentFill,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const keep = () => {
    if (!check.passes() || !fill.begin(record, length)) return fill.abort(NOT_SHARED);
    fill.write(concatenated(chunks));
    fill.commit(now());
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          if (length <= MOST_BYTES) keep();
          return controller.close();
        }
        controller.enqueue(value);
        length += value.length;
        check.update(value);
        if (length <= MOST_BYTES) chunks.push(value);
        else fill.abort(NOT_SHARED);
      } catch (error) {
        fill.abort();
        controller.error(error);
      }
    },
    cancel(reason) {
      fill.abort();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
