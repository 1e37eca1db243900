/**
 * How many different objects were read: estimated, and counted.
 *
 * @module
 */
import { Unique } from "@s3-edge-cache/telemetry";
import type { SimRequest } from "../workload/sim_request.ts";
import { ABSENT, KeyTable } from "./key_table.ts";

/** Keys that are counted one by one; a table for so many takes 512 MiB. */
const MOST_KEYS = 2 ** 23;

/** An estimate beside the truth. */
export interface Estimated {
  /** The truth; `undefined` if there were too many to count. */
  readonly actual: number | undefined;
  /** What the sketch says. */
  readonly estimated: number;
}

/** Counts different objects, as the proxy's metrics estimate them. */
export class UniqueCount {
  readonly #sketch: Unique = new Unique();
  readonly #seen: KeyTable = new KeyTable();
  #bytes = 0;
  #complete = true;

  /** Counts the object of a read, with the size that it first has. A second time is no news. */
  add({ operation, high, low, size }: SimRequest): void {
    if (operation !== "read") return;
    if (this.#seen.get(high, low) !== ABSENT) return;
    this.#sketch.addHash(high, low, size);
    if (this.#seen.size === MOST_KEYS) {
      this.#complete = false;
      return;
    }
    this.#seen.set(high, low, 1);
    this.#bytes += size;
  }

  /** Different keys. */
  keys(): Estimated {
    const estimated = Math.round(this.#sketch.keys());
    return { actual: this.#complete ? this.#seen.size : undefined, estimated };
  }

  /** Their bytes. */
  bytes(): Estimated {
    const estimated = Math.round(this.#sketch.bytes());
    return { actual: this.#complete ? this.#bytes : undefined, estimated };
  }
}
