/**
 * What requests to the origin cost.
 *
 * @module
 */
import type { Settings } from "./flags/flags.ts";
import type { SimRequest } from "./workload/sim_request.ts";

/** Requests a day where neither a flag nor the times of a trace tell. */
const USUAL_REQUESTS_PER_DAY = 10_000_000;

const DAY_MS = 86_400_000;

/** What is paid for, of a number of requests. */
export interface Priced {
  /** Requests in all. */
  readonly requests: number;
  /** Those of them that went to the origin. */
  readonly upstreamRequests: number;
  /** Bytes that came from there. */
  readonly upstreamBytes: number;
}

/** Prices a run in dollars a day, as if its requests came at a rate. */
export function pricePerDay(settings: Settings, requestsPerDay: number): (run: Priced) => number {
  return ({ requests, upstreamRequests, upstreamBytes }) => {
    const dollars = upstreamRequests / 1_000 * settings["price-per-1000-requests"] +
      upstreamBytes / 1e9 * settings["price-per-gb"];
    return requests === 0 ? 0 : dollars * requestsPerDay / requests;
  };
}

/** How many requests come in which time. */
export class TimeSpan {
  #first = Infinity;
  #last = -Infinity;
  #requests = 0;

  /** Counts requests in. */
  include(batch: readonly SimRequest[]): void {
    this.#requests += batch.length;
    this.#first = Math.min(this.#first, batch[0]?.time ?? Infinity);
    this.#last = Math.max(this.#last, batch.at(-1)?.time ?? -Infinity);
  }

  /** Requests a day at that rate; a usual number where all come at the same time. */
  get requestsPerDay(): number {
    const span = this.#last - this.#first;
    return span > 0 ? this.#requests * DAY_MS / span : USUAL_REQUESTS_PER_DAY;
  }
}
