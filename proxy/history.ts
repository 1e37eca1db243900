/**
 * How the figures went of late.
 *
 * @module
 */
import { countOf, estimateQuantile, type Figures, type Histogram } from "@s3-edge-cache/telemetry";

/** How far apart samples are, in milliseconds. */
export const SAMPLE_MS = 2_000;

/** Samples that are kept: half an hour. */
const MOST_SAMPLES = 900;

/** What happened between two moments. */
export interface HistorySample {
  /** The later moment, in seconds since the epoch. */
  readonly time: number;
  /** Hits among hits and misses, in percent; `null` where there were none. */
  readonly hitRate: number | null;
  /** Requests a second. */
  readonly requests: number;
  /** Bytes of body that were sent, a second. */
  readonly servedBytes: number;
  /** Those of them that did not come from the origin. */
  readonly savedBytes: number;
  /** Durations of hits and misses in milliseconds; `null` where there were none. */
  readonly hitP50: number | null;
  /** The 99th percentile. */
  readonly hitP99: number | null;
  /** Of misses, the median. */
  readonly missP50: number | null;
  /** The 99th percentile. */
  readonly missP99: number | null;
  /** Bytes that the cache held at the later moment. */
  readonly heldBytes: number;
}

/** Takes samples, and keeps the latest. */
export class History {
  readonly #samples: HistorySample[] = [];
  #former: { readonly figures: Figures; readonly time: number } | undefined;

  /**
   * Takes a sample.
   *
   * @param figures The figures of this moment.
   * @param time The moment, in milliseconds since the epoch.
   * @returns What happened since the last one; `undefined` the first time.
   */
  take(figures: Figures, time: number): HistorySample | undefined {
    const former = this.#former;
    this.#former = { figures, time };
    if (former === undefined || time <= former.time) return undefined;
    const sample = between(former.figures, figures, former.time, time);
    this.#samples.push(sample);
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
    return sample;
  }

  /** The samples that are kept, the first one first. */
  get samples(): readonly HistorySample[] {
    return this.#samples;
  }
}

function between(former: Figures, latter: Figures, from: number, to: number): HistorySample {
  const seconds = (to - from) / 1000;
  const [one, other] = [former.sums, latter.sums];
  const hits = countOf(other, "hit") - countOf(one, "hit");
  const misses = countOf(other, "miss") - countOf(one, "miss");
  const all = (sums: typeof one) => sums.statuses.reduce((sum, count) => sum + count, 0);
  const duration = (outcome: "hit" | "miss", quantile: number): number | null => {
    const more = difference(one.durations[outcome], other.durations[outcome]);
    const at = estimateQuantile(more, quantile);
    return at === undefined ? null : rounded(at * 1000);
  };
  return {
    time: to / 1000,
    hitRate: hits + misses === 0 ? null : rounded(100 * hits / (hits + misses)),
    requests: rounded((all(other) - all(one)) / seconds),
    servedBytes: Math.round((other.bytes - one.bytes) / seconds),
    savedBytes: Math.round((other.savedBytes - one.savedBytes) / seconds),
    hitP50: duration("hit", 0.5),
    hitP99: duration("hit", 0.99),
    missP50: duration("miss", 0.5),
    missP99: duration("miss", 0.99),
    heldBytes: latter.cache.bytes,
  };
}

function difference(former: Histogram, latter: Histogram): Histogram {
  const counts = latter.counts.map((count, i) => count - former.counts[i]!);
  return { counts, sum: latter.sum - former.sum };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
