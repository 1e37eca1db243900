/**
 * The figures as one JSON document.
 *
 * @module
 */
import {
  type BucketSums,
  countOf,
  estimateQuantile,
  type Figures,
  OUTCOMES,
} from "@s3-edge-cache/telemetry";

/** The document of `/stats`; what it counts, it counts since the start. */
export type StatsDocument = ReturnType<typeof statsDocument>;

/**
 * The figures by name.
 *
 * @param figures A moment's figures.
 */
export function statsDocument(figures: Figures): {
  readonly version: string;
  readonly startedAt: string;
  readonly hits: number;
  readonly misses: number;
  /** Hits among hits and misses, 0 to 1; `null` where there are none. */
  readonly hitRate: number | null;
  readonly requests: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly servedBytes: number;
  readonly savedBytes: number;
  readonly upstreamBytes: number;
  readonly savedRequests: number;
  readonly events: Readonly<Record<string, number>>;
  readonly cache: Figures["cache"];
  readonly unique: Figures["unique"];
  /** Quantiles in milliseconds, by outcome; `null` where nothing was observed. */
  readonly latencyMs: Readonly<Record<string, Quantiles>>;
  readonly upstreamFirstByteMs: Quantiles;
  readonly buckets: Readonly<Record<string, BucketSums>>;
} {
  const { sums, cache, unique, version, startedAt } = figures;
  const [hits, misses] = [countOf(sums, "hit"), countOf(sums, "miss")];
  return {
    version,
    startedAt: new Date(startedAt).toISOString(),
    hits,
    misses,
    hitRate: hits + misses === 0 ? null : hits / (hits + misses),
    requests: sums.requests,
    statuses: Object.fromEntries(sums.statuses.map((count, i) => [`${i + 1}xx`, count])),
    servedBytes: sums.bytes,
    savedBytes: sums.savedBytes,
    upstreamBytes: sums.upstreamBytes,
    savedRequests: sums.savedRequests,
    events: sums.events,
    cache,
    unique: { keys: Math.round(unique.keys), bytes: Math.round(unique.bytes) },
    latencyMs: Object.fromEntries(OUTCOMES.map((name) => [name, quantiles(sums.durations[name])])),
    upstreamFirstByteMs: quantiles(sums.firstBytes),
    buckets: Object.fromEntries(sums.buckets),
  };
}

/** Quantiles in milliseconds. */
export interface Quantiles {
  /** The median. */
  readonly p50: number | null;
  /** The 99th percentile. */
  readonly p99: number | null;
}

function quantiles(histogram: Parameters<typeof estimateQuantile>[0]): Quantiles {
  const at = (quantile: number) => {
    const seconds = estimateQuantile(histogram, quantile);
    return seconds === undefined ? null : Math.round(seconds * 1e6) / 1000;
  };
  return { p50: at(0.5), p99: at(0.99) };
}
