/**
 * The metrics: one table, from which every exporter reads. Names are kept for good: people have
 * dashboards.
 *
 * @module
 */
import type { Figures } from "./figures.ts";
import { OUTCOME_COUNTS, OUTCOMES } from "./outcome.ts";
import type { EventName } from "./tally_memory.ts";
import type { BucketSums, Histogram, TallySums } from "./tally_sums.ts";

/** What tells the series of a metric apart. */
export type Labels = Readonly<Record<string, string>>;

/** The value of one series. */
export interface Sample<V> {
  /** Which series. */
  readonly labels: Labels;
  /** Its value. */
  readonly value: V;
}

/** What all metrics have. */
export interface Described {
  /** Its name, with dots. */
  readonly name: string;
  /** The unit in UCUM's spelling, as OTLP has it; empty for plain numbers. */
  readonly unit: "" | "s" | "By";
  /** One line for people. */
  readonly help: string;
}

/** A number that only grows, or one that may fall. */
export interface NumberMetric extends Described {
  /** Which of them. */
  readonly kind: "counter" | "gauge";
  /** Reads its series. */
  read(figures: Figures): readonly Sample<number>[];
}

/** A histogram of durations over `DURATION_BOUNDS`. */
export interface HistogramMetric extends Described {
  /** Tells it from numbers. */
  readonly kind: "histogram";
  /** Reads its series. */
  read(figures: Figures): readonly Sample<Histogram>[];
}

/** A metric. */
export type Metric = NumberMetric | HistogramMetric;

type Unit = Described["unit"];

function gauge(
  name: string,
  help: string,
  value: (figures: Figures) => number,
  unit: Unit = "",
): Metric {
  const read = (figures: Figures) => [{ labels: {}, value: value(figures) }];
  return { name, kind: "gauge", unit, help, read };
}

function counter(name: string, help: string, value: (figures: Figures) => number): Metric {
  return { ...gauge(name, help, value), kind: "counter" } as Metric;
}

function event(name: string, event: EventName, help: string): Metric {
  return counter(name, help, ({ sums }) => sums.events[event]);
}

/** A counter with a series for each bucket. */
function perBucket(
  name: string,
  unit: Unit,
  help: string,
  value: (sums: BucketSums) => number,
): Metric {
  return {
    name,
    kind: "counter",
    unit,
    help,
    read: ({ sums }) =>
      [...sums.buckets].map(([bucket, own]) => ({ labels: { bucket }, value: value(own) })),
  };
}

/** Reads that were counted as hits, or as misses. */
export function countOf(sums: Pick<TallySums, "requests">, counted: "hit" | "miss"): number {
  return OUTCOMES.reduce(
    (sum, name) => OUTCOME_COUNTS[name] === counted ? sum + sums.requests[name] : sum,
    0,
  );
}

/** Every metric. */
export const METRICS: readonly Metric[] = [
  counter("cache.hit", "Reads whose entry was found", ({ sums }) => countOf(sums, "hit")),
  counter(
    "cache.miss",
    "Reads of a cacheable shape whose entry was not found; followers of a fill among them",
    ({ sums }) => countOf(sums, "miss"),
  ),
  event(
    "cache.invalidation",
    "invalidation",
    "Writes that dropped the entries of what they change",
  ),
  event("cache.mismatch", "mismatch", "Entries that were compared with the origin and differed"),
  event(
    "cache.upstream_error",
    "upstream_error",
    "Requests that the origin failed, or that failed to reach it",
  ),
  event("cache.buffering_error", "buffering_error", "Fills given up after their answer had begun"),
  event("cache.verified", "verified", "Entries that were compared with the origin"),
  counter("cache.eviction", "Entries that made room for others", ({ cache }) => cache.evictions),
  gauge(
    "cache.size_bytes",
    "Bytes that the cache holds, metadata included",
    ({ cache }) => cache.bytes,
    "By",
  ),
  gauge(
    "cache.max_size_bytes",
    "The most bytes that it may hold",
    ({ cache }) => cache.maxBytes,
    "By",
  ),
  gauge("cache.object_count", "Objects that the cache holds", ({ cache }) => cache.entries),
  gauge(
    "cache.max_object_count",
    "The most objects that it may hold",
    ({ cache }) => cache.maxEntries,
  ),
  gauge(
    "cache.estimated_unique_keys",
    "Objects that were read through the cache since the start, each once, estimated",
    ({ unique }) => unique.keys,
  ),
  gauge(
    "cache.estimated_unique_bytes",
    "The bytes of those objects, estimated",
    ({ unique }) => unique.bytes,
    "By",
  ),
  {
    name: "requests",
    kind: "counter",
    unit: "",
    help: "Requests by bucket and by how the cache took part",
    read: ({ sums }) =>
      [...sums.buckets].flatMap(([bucket, { requests }]) =>
        OUTCOMES.map((outcome) => ({ labels: { bucket, outcome }, value: requests[outcome] }))
      ),
  },
  {
    name: "responses",
    kind: "counter",
    unit: "",
    help: "Answers by class of status",
    read: ({ sums }) =>
      sums.statuses.map((value, i) => ({ labels: { status: `${i + 1}xx` }, value })),
  },
  perBucket(
    "saved_requests",
    "",
    "Reads for which the origin was not asked",
    (own) => own.savedRequests,
  ),
  perBucket("served_bytes", "By", "Bytes of body sent to clients", (own) => own.bytes),
  perBucket(
    "saved_bytes",
    "By",
    "Those of them that did not come from the origin",
    (own) => own.savedBytes,
  ),
  perBucket(
    "upstream_bytes",
    "By",
    "Bytes of body that came from the origin",
    (own) => own.upstreamBytes,
  ),
  event(
    "upstream.requests",
    "upstream_request",
    "Requests sent to the origin for clients",
  ),
  {
    name: "request.duration",
    kind: "histogram",
    unit: "s",
    help: "Time from a request's head to the end of its answer, by how the cache took part",
    read: ({ sums }) =>
      OUTCOMES.map((outcome) => ({ labels: { outcome }, value: sums.durations[outcome] })),
  },
  {
    name: "upstream.first_byte",
    kind: "histogram",
    unit: "s",
    help: "Time from asking the origin to the head of its answer",
    read: ({ sums }) => [{ labels: {}, value: sums.firstBytes }],
  },
  event(
    "access_log.dropped",
    "log_line_dropped",
    "Lines of the access log that found its buffer full",
  ),
  gauge(
    "start_time_seconds",
    "When the proxy started, since the epoch",
    ({ startedAt }) => startedAt / 1000,
    "s",
  ),
  {
    name: "build_info",
    kind: "gauge",
    unit: "",
    help: "1, with the version of the proxy",
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
];
