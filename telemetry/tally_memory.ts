/**
 * The memory in which workers count: a row of 64-bit floating-point numbers for each, and the
 * names of the buckets that it counts apart.
 *
 * Invariants:
 * - Only the worker of a row writes it; anybody may read it at any time. A number is written in
 *   one step, and never falls.
 * - A bucket's name is written before the number of names is raised, with Atomics.
 * - A worker that dies leaves its counts. The one that takes its number counts on from them.
 *
 * @module
 */
import { OUTCOMES } from "./outcome.ts";
import { UNIQUE_MEMORY_BYTES } from "./unique.ts";

/** Upper bounds of the histograms of durations, in seconds. */
export const DURATION_BOUNDS: readonly number[] = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
];

/** Events that are counted for the whole proxy. */
export const EVENTS = [
  "invalidation",
  "mismatch",
  "upstream_error",
  "buffering_error",
  "upstream_request",
  "verified",
  "log_line_dropped",
] as const;

/** An event that is counted for the whole proxy. */
export type EventName = (typeof EVENTS)[number];

/** Buckets that a worker counts apart; what concerns others is counted together. */
export const MOST_BUCKETS = 64;

/** Words of a histogram: one a bound, one beyond them, and the sum in milliseconds. */
export const HISTOGRAM_WORDS: number = DURATION_BOUNDS.length + 2;

/** Words of a bucket: requests by outcome, then the three sums of bytes. */
export const BUCKET_WORDS: number = OUTCOMES.length + 3;

/** Classes of status, 1xx to 5xx. */
export const STATUS_CLASSES = 5;

/** Where the events are. */
export const EVENTS_AT = 0;
/** Where the status classes are. */
export const STATUSES_AT: number = EVENTS_AT + EVENTS.length;
/** When the origin was reached last, in milliseconds since the epoch. */
export const REACHED_AT: number = STATUSES_AT + STATUS_CLASSES;
/** When it was last sought in vain. */
export const UNREACHED_AT: number = REACHED_AT + 1;
/** Where the durations of requests are, a histogram for each outcome. */
export const DURATIONS_AT: number = UNREACHED_AT + 1;
/** Where the origin's times to first byte are. */
export const FIRST_BYTES_AT: number = DURATIONS_AT + OUTCOMES.length * HISTOGRAM_WORDS;
/** Where the buckets are; the first stands for all that have no row of their own. */
export const BUCKETS_AT: number = FIRST_BYTES_AT + HISTOGRAM_WORDS;
/** Words of a worker. */
export const ROW_WORDS: number = BUCKETS_AT + (MOST_BUCKETS + 1) * BUCKET_WORDS;

/** The longest name of a bucket, in bytes (Amazon's bound). */
export const MOST_NAME_BYTES = 63;

/** Bytes of a name: its length, and its characters. */
export const NAME_BYTES: number = MOST_NAME_BYTES + 1;

/** What workers count in. It can be posted. */
export interface TallyMemory {
  /** How many workers count, numbered from 0. */
  readonly workers: number;
  /** The rows. */
  readonly rows: SharedArrayBuffer;
  /** How many buckets each worker has named. */
  readonly named: SharedArrayBuffer;
  /** Their names. */
  readonly names: SharedArrayBuffer;
  /** What each worker knows of the different objects that were read, as `Unique` has it. */
  readonly unique: readonly SharedArrayBuffer[];
}

/**
 * Makes a memory of zeros.
 *
 * @param workers How many workers count.
 */
export function createTallyMemory(workers: number): TallyMemory {
  return {
    workers,
    rows: new SharedArrayBuffer(workers * ROW_WORDS * Float64Array.BYTES_PER_ELEMENT),
    named: new SharedArrayBuffer(workers * Int32Array.BYTES_PER_ELEMENT),
    names: new SharedArrayBuffer(workers * MOST_BUCKETS * NAME_BYTES),
    unique: Array.from({ length: workers }, () => new SharedArrayBuffer(UNIQUE_MEMORY_BYTES)),
  };
}

/** A worker's part of a memory. */
export interface TallyRow {
  /** Its words. */
  readonly words: Float64Array<SharedArrayBuffer>;
  /** How many buckets it has named: one word. */
  readonly named: Int32Array<SharedArrayBuffer>;
  /** Their names. */
  readonly names: Uint8Array<SharedArrayBuffer>;
}

/** A worker's part of a memory. */
export function tallyRow({ rows, named, names }: TallyMemory, worker: number): TallyRow {
  const bytes = MOST_BUCKETS * NAME_BYTES;
  return {
    words: new Float64Array(rows, worker * ROW_WORDS * 8, ROW_WORDS),
    named: new Int32Array(named, worker * 4, 1),
    names: new Uint8Array(names, worker * bytes, bytes),
  };
}

/** The buckets that a worker has named, in the order of their rows. */
export function readNames({ named, names }: TallyRow): string[] {
  const count = Atomics.load(named, 0);
  return Array.from({ length: count }, (_, i) => {
    const start = i * NAME_BYTES + 1;
    return String.fromCharCode(...names.subarray(start, start + names[start - 1]!));
  });
}
