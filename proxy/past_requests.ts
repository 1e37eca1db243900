/**
 * The latest requests of a worker.
 *
 * @module
 */
import { hashKey } from "@s3-edge-cache/telemetry";
import type { Trace } from "./trace.ts";

/** A request as it is remembered. */
export interface PastRequest {
  /** When it ended, in milliseconds since the epoch. */
  readonly time: number;
  /** Its id. */
  readonly requestId: string;
  /** Amazon's name of its operation. */
  readonly operation: string;
  /** The version that it asked for; `null` for the current one. */
  readonly version: string | null;
  /** Its Range field; `null` if it had none. */
  readonly range: string | null;
  /** HTTP status of the answer. */
  readonly status: number;
  /** How the cache took part. */
  readonly outcome: string;
  /** Why it took no other part; `null` where the outcome says all. */
  readonly why: string | null;
  /** Bytes of body that were sent. */
  readonly bytes: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/**
 * A place for a request. It is written anew for each, and holds the object's name as a hash: what
 * were held of a request itself, some kilobytes for some milliseconds, is just what the collector
 * of young garbage copies twice in vain.
 */
class Place implements Omit<PastRequest, "time"> {
  nameHigh = 0;
  nameLow = 0;
  // Fractions from the start: a place for one is written where it lies.
  endedAt = 0.5;
  durationMs = 0.5;
  bytes = 0;
  status = 0;
  requestId = "";
  operation = "";
  outcome = "";
  why: string | null = null;
  version: string | null = null;
  range: string | null = null;
}

/** Remembers a number of requests of objects; the oldest makes room for the next. */
export class PastRequests {
  readonly #places: readonly Place[];
  #added = 0;

  /**
   * Remembers nothing yet.
   *
   * @param most Requests that are remembered at most.
   */
  constructor(most: number) {
    this.#places = Array.from({ length: most }, () => new Place());
  }

  /**
   * Remembers a request at its end.
   *
   * @param trace What is known of it; its route is.
   * @param requestId The id that its answer bears.
   * @param range Its Range field.
   */
  add(trace: Trace, requestId: string, range: string | undefined): void {
    const { bucket, key, operation, versionId } = trace.route!;
    const name = hashKey(`${bucket}/${key}`);
    const place = this.#places[this.#added++ % this.#places.length]!;
    place.nameHigh = name.high;
    place.nameLow = name.low;
    place.endedAt = trace.startedAt + trace.durationMs;
    place.durationMs = trace.durationMs;
    place.bytes = trace.bytes;
    place.status = trace.status;
    place.requestId = requestId;
    place.operation = operation.name;
    place.outcome = trace.outcome;
    place.why = trace.why ?? null;
    place.version = versionId ?? null;
    place.range = range ?? null;
  }

  /**
   * The requests of an object, the last first.
   *
   * @param bucket The object's bucket.
   * @param key Its key.
   * @param most Requests that are told at most.
   */
  of(bucket: string, key: string, most: number): PastRequest[] {
    const name = hashKey(`${bucket}/${key}`);
    const epoch = Date.now() - performance.now();
    const told: PastRequest[] = [];
    const count = Math.min(this.#added, this.#places.length);
    for (let back = 1; back <= count && told.length < most; back++) {
      const place = this.#places[(this.#added - back) % this.#places.length]!;
      const { nameHigh, nameLow, endedAt, ...rest } = place;
      if (nameHigh !== name.high || nameLow !== name.low) continue;
      told.push({ time: epoch + endedAt, ...rest });
    }
    return told;
  }
}
