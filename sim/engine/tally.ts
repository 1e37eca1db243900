/**
 * What a simulation counts.
 *
 * @module
 */
import { Histogram } from "./histogram.ts";

/** Counts of one run. */
export class Tally {
  /** Reads answered from the cache, heads and what was revalidated included. */
  hits = 0;
  /** Hits that were too old, and that the origin said were still good. */
  revalidations = 0;
  /** Reads that were not, followers included. */
  misses = 0;
  /** Misses that waited for the fetch of another, and sent nothing to the origin. */
  follows = 0;
  /** Writes and deletions. */
  writes = 0;
  /** Requests that failed. */
  errors = 0;
  /** Bytes of all objects read. */
  readBytes = 0;
  /** Bytes of those that were hits. */
  hitBytes = 0;
  /** Requests that went to the origin. */
  upstreamRequests = 0;
  /** Bytes that came from the origin. */
  upstreamBytes = 0;
  /** Milliseconds from the first request to the last answer. */
  durationMs = 0;
  /** Latency of reads in milliseconds. */
  readonly latency: Histogram = new Histogram();

  /** Requests in all. */
  get requests(): number {
    return this.hits + this.misses + this.writes + this.errors;
  }

  /** Share of the reads that were hits, 0 to 1. */
  get hitRate(): number {
    return share(this.hits, this.hits + this.misses);
  }

  /** Share of the bytes read that were hits, 0 to 1. */
  get byteHitRate(): number {
    return share(this.hitBytes, this.readBytes);
  }

  /** Requests a second. */
  get requestsPerSecond(): number {
    return this.durationMs === 0 ? 0 : this.requests * 1_000 / this.durationMs;
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
