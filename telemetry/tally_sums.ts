/**
 * The sums over all workers.
 *
 * @module
 */
import { type OutcomeName, OUTCOMES, SAVES_REQUEST } from "./outcome.ts";
import {
  BUCKET_WORDS,
  BUCKETS_AT,
  DURATION_BOUNDS,
  DURATIONS_AT,
  type EventName,
  EVENTS,
  EVENTS_AT,
  FIRST_BYTES_AT,
  HISTOGRAM_WORDS,
  MOST_BUCKETS,
  REACHED_AT,
  readNames,
  STATUS_CLASSES,
  STATUSES_AT,
  type TallyMemory,
  type TallyRow,
  tallyRow,
  UNREACHED_AT,
} from "./tally_memory.ts";
import { Unique } from "./unique.ts";

/** What the objects that were read come to, estimated. */
export interface UniqueFigures {
  /** Objects. */
  readonly keys: number;
  /** Their bytes. */
  readonly bytes: number;
}

/** The different objects that were read by all workers, estimated. */
export function sumUnique(memory: TallyMemory): UniqueFigures {
  const all = new Unique();
  for (const part of memory.unique) all.merge(new Unique(part));
  return { keys: all.keys(), bytes: all.bytes() };
}

/** The name under which buckets without a row of their own are counted together. No bucket has it. */
export const OTHER_BUCKETS = "(other)";

/** A histogram of durations. */
export interface Histogram {
  /** Observations up to each bound, those up to the one before left out, then those beyond. */
  readonly counts: readonly number[];
  /** All observations together, in seconds. */
  readonly sum: number;
}

/** The sums of a bucket. */
export interface BucketSums {
  /** Requests by outcome. */
  readonly requests: Readonly<Record<OutcomeName, number>>;
  /** Bytes of body that were sent. */
  readonly bytes: number;
  /** Those of them that did not come from the origin. */
  readonly savedBytes: number;
  /** Bytes of body that came from the origin. */
  readonly upstreamBytes: number;
  /** Requests for which the origin was not asked. */
  readonly savedRequests: number;
}

/** The sums of all. */
export interface TallySums extends BucketSums {
  /** Events that are counted for the whole proxy. */
  readonly events: Readonly<Record<EventName, number>>;
  /** Answers by class of status, from 1xx to 5xx. */
  readonly statuses: readonly number[];
  /** When the origin was reached last, in milliseconds since the epoch; 0 for never. */
  readonly reachedAt: number;
  /** When it was last sought in vain; 0 for never. */
  readonly unreachedAt: number;
  /** Durations of requests, by outcome. */
  readonly durations: Readonly<Record<OutcomeName, Histogram>>;
  /** The origin's times to first byte. */
  readonly firstBytes: Histogram;
  /** The same apart for each bucket, at most {@linkcode MOST_BUCKETS} and the rest. */
  readonly buckets: ReadonlyMap<string, BucketSums>;
}

/** Adds up what all workers have counted. */
export function sumTallies(memory: TallyMemory): TallySums {
  const rows = Array.from({ length: memory.workers }, (_, worker) => tallyRow(memory, worker));
  const at = (place: number): number => rows.reduce((sum, { words }) => sum + words[place]!, 0);
  const latest = (place: number): number => Math.max(...rows.map(({ words }) => words[place]!));
  const buckets = sumBuckets(rows);
  return {
    ...total([...buckets.values()]),
    events: byName(EVENTS, (place) => at(EVENTS_AT + place)),
    statuses: Array.from({ length: STATUS_CLASSES }, (_, place) => at(STATUSES_AT + place)),
    reachedAt: latest(REACHED_AT),
    unreachedAt: latest(UNREACHED_AT),
    durations: byName(
      OUTCOMES,
      (place) => histogram((word) => at(DURATIONS_AT + place * HISTOGRAM_WORDS + word)),
    ),
    firstBytes: histogram((word) => at(FIRST_BYTES_AT + word)),
    buckets,
  };
}

/**
 * A quantile of a histogram, taken as spread evenly between two bounds.
 *
 * @param quantile From 0 to 1.
 * @returns Seconds, `undefined` where nothing was observed. What lies beyond the last bound counts
 * as that bound.
 */
export function estimateQuantile({ counts }: Histogram, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let before = 0;
  for (const [i, bound] of DURATION_BOUNDS.entries()) {
    const count = counts[i]!;
    if (count > 0 && before + count >= quantile * total) {
      const lower = DURATION_BOUNDS[i - 1] ?? 0;
      return lower + (bound - lower) * Math.max(0, quantile * total - before) / count;
    }
    before += count;
  }
  return DURATION_BOUNDS.at(-1);
}

function sumBuckets(rows: readonly TallyRow[]): Map<string, BucketSums> {
  const places = new Map<string, Float64Array[]>();
  const add = (name: string, { words }: TallyRow, row: number) => {
    const start = BUCKETS_AT + row * BUCKET_WORDS;
    const known = places.has(name) || places.size <= MOST_BUCKETS ? name : OTHER_BUCKETS;
    places.set(known, [...places.get(known) ?? [], words.subarray(start, start + BUCKET_WORDS)]);
  };
  for (const row of rows) add(OTHER_BUCKETS, row, 0);
  for (const row of rows) readNames(row).forEach((name, i) => add(name, row, i + 1));
  return new Map([...places].map(([name, parts]) => [name, bucketSums(parts)]));
}

function bucketSums(parts: readonly Float64Array[]): BucketSums {
  const at = (place: number): number => parts.reduce((sum, words) => sum + words[place]!, 0);
  const requests = byName(OUTCOMES, at);
  return {
    requests,
    bytes: at(OUTCOMES.length),
    savedBytes: at(OUTCOMES.length + 1),
    upstreamBytes: at(OUTCOMES.length + 2),
    savedRequests: OUTCOMES.reduce(
      (sum, name) => SAVES_REQUEST.has(name) ? sum + requests[name] : sum,
      0,
    ),
  };
}

function total(buckets: readonly BucketSums[]): BucketSums {
  const sum = (value: (bucket: BucketSums) => number): number =>
    buckets.reduce((sum, bucket) => sum + value(bucket), 0);
  return {
    requests: byName(OUTCOMES, (place) => sum(({ requests }) => requests[OUTCOMES[place]!])),
    bytes: sum(({ bytes }) => bytes),
    savedBytes: sum(({ savedBytes }) => savedBytes),
    upstreamBytes: sum(({ upstreamBytes }) => upstreamBytes),
    savedRequests: sum(({ savedRequests }) => savedRequests),
  };
}

function histogram(at: (word: number) => number): Histogram {
  return {
    counts: Array.from({ length: HISTOGRAM_WORDS - 1 }, (_, word) => at(word)),
    sum: at(HISTOGRAM_WORDS - 1) / 1000,
  };
}

function byName<N extends string, V>(
  names: readonly N[],
  value: (place: number) => V,
): Record<N, V> {
  return Object.fromEntries(names.map((name, place) => [name, value(place)])) as Record<N, V>;
}
