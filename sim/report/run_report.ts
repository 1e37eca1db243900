/**
 * What one run gave, as data and as text.
 *
 * @module
 */
import type { StoreStats } from "../engine/store.ts";
import type { Tally } from "../engine/tally.ts";
import type { Estimated, UniqueCount } from "../engine/unique_count.ts";
import { formatBytes } from "../flags/byte_size.ts";
import type { Settings } from "../flags/flags.ts";

/** The figures of one run. */
export interface RunFigures {
  /** Requests in all. */
  readonly requests: number;
  /** Reads answered from the cache. */
  readonly hits: number;
  /** Hits that were too old, and that the origin said were still good. */
  readonly revalidations: number;
  /** Reads that were not, follows included. */
  readonly misses: number;
  /** Misses that waited for the fetch of another request. */
  readonly follows: number;
  /** Writes and deletions. */
  readonly writes: number;
  /** Requests that failed. */
  readonly errors: number;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** Requests a second. */
  readonly requestsPerSecond: number;
  /** Latency of reads in milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly mean: number };
  /** Share of the reads that were hits, 0 to 1. */
  readonly hitRate: number;
  /** Share of the bytes read that were hits, 0 to 1. */
  readonly byteHitRate: number;
  /** Requests that went to the origin. */
  readonly upstreamRequests: number;
  /** Bytes that came from the origin. */
  readonly upstreamBytes: number;
  /** What the cache held at the end. */
  readonly cache: StoreStats;
}

/** What `--json` prints. */
export interface RunReport extends RunFigures {
  /** Different keys. */
  readonly uniqueKeys: Estimated;
  /** Bytes of the different objects. */
  readonly uniqueBytes: Estimated;
  /** The settings. */
  readonly settings: Settings;
}

/** Puts a run's figures together. */
export function runFigures(tally: Tally, cache: StoreStats): RunFigures {
  const { hits, revalidations, misses, follows, writes, errors, upstreamRequests, upstreamBytes } =
    tally;
  const { entries, bytes, evictions } = cache;
  return {
    requests: tally.requests,
    hits,
    revalidations,
    misses,
    follows,
    writes,
    errors,
    seconds: tally.durationMs / 1_000,
    requestsPerSecond: tally.requestsPerSecond,
    latencyMs: {
      p50: tally.latency.quantile(0.5),
      p99: tally.latency.quantile(0.99),
      mean: tally.latency.mean,
    },
    hitRate: tally.hitRate,
    byteHitRate: tally.byteHitRate,
    upstreamRequests,
    upstreamBytes,
    cache: { entries, bytes, evictions },
  };
}

/** A run's figures, with the objects that it was about and how it was set. */
export function runReport(
  figures: RunFigures,
  unique: UniqueCount,
  settings: Settings,
): RunReport {
  return { ...figures, uniqueKeys: unique.keys(), uniqueBytes: unique.bytes(), settings };
}

/** A report for people. */
export function runText(report: RunReport): string {
  const { latencyMs, cache, revalidations, follows, writes } = report;
  const rows: [string, string][] = [
    ["requests", `${report.requests}`],
    ["hits", `${report.hits}, ${percent(report.hitRate)} of the reads`],
    ...revalidations === 0
      ? []
      : [["revalidated", `${revalidations} of the hits`] as [string, string]],
    ["misses", `${report.misses}${follows === 0 ? "" : `, ${follows} of them followed another`}`],
    ...writes === 0 ? [] : [["writes", `${writes}`] as [string, string]],
    ["errors", `${report.errors}`],
    ["duration", `${report.seconds.toFixed(2)} s`],
    ["throughput", `${Math.round(report.requestsPerSecond)} requests/s`],
    [
      "latency",
      `p50 ${latencyMs.p50.toFixed(2)} ms, p99 ${latencyMs.p99.toFixed(2)} ms, ` +
      `mean ${latencyMs.mean.toFixed(2)} ms`,
    ],
    ["byte hit rate", percent(report.byteHitRate)],
    ["upstream", `${report.upstreamRequests} requests, ${formatBytes(report.upstreamBytes)}`],
    ["unique keys", estimateText(report.uniqueKeys, String)],
    ["unique bytes", estimateText(report.uniqueBytes, formatBytes)],
    [
      "cache",
      `${cache.entries} entries, ${formatBytes(cache.bytes)}, ${cache.evictions} evictions`,
    ],
  ];
  return rows.map(([name, text]) => `${name.padEnd(15)}${text}`).join("\n");
}

/** A share as percent. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function estimateText({ actual, estimated }: Estimated, format: (n: number) => string): string {
  if (actual === undefined) return `${format(estimated)} estimated, too many to count`;
  const off = actual === 0 ? 0 : 100 * (estimated - actual) / actual;
  const sign = off < 0 ? "" : "+";
  return `${format(actual)}, estimated ${format(estimated)} (${sign}${off.toFixed(2)} %)`;
}
