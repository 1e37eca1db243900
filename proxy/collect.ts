/**
 * Keeping a body that does not say how long it is.
 *
 * @module
 */
import type { Fill } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";
import { NOT_SHARED } from "./abort_code.ts";
import { concatenated } from "./beginning.ts";
import type { EntryRecord } from "./entry_record.ts";
import type { IntegrityCheck } from "./integrity.ts";
import type { Trace } from "./trace.ts";

/** Most bytes that are collected; a longer body goes on, and is not kept. */
const MOST_BYTES = 1024 * 1024;

/** A fill that is not announced yet. */
export interface SilentFill {
  /** The fill. */
  readonly fill: Fill<EntryRecord>;
  /** What is stored beside the body. */
  readonly record: EntryRecord;
  /** Tells versions of the object apart. */
  readonly version: number;
  /** Holds the bytes against what is known of them. */
  readonly check: IntegrityCheck;
  /** The trace of the request that brought it about. */
  readonly trace: Trace;
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
  body: ByteSource,
  { fill, record, version, check, trace, now }: SilentFill,
): ByteSource {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const keep = () => {
    if (!check.passes() || !fill.begin(record, length, version)) return giveUp();
    fill.write(concatenated(chunks));
    fill.commit(now());
  };
  const giveUp = () => {
    trace.fillGivenUp = true;
    fill.abort(NOT_SHARED);
  };
  const collect = (view: Uint8Array) => {
    length += view.length;
    check.update(view);
    if (length <= MOST_BYTES) chunks.push(view.slice());
    else giveUp();
  };
  return {
    lasting: body.lasting,
    read: async () => {
      const view = await body.read();
      if (view !== undefined) collect(view);
      else if (length <= MOST_BYTES) keep();
      return view;
    },
    release: () => {
      fill.abort();
      body.release();
    },
  };
}
