/**
 * What one worker counts: no message, no lock and nothing allocated for a request.
 *
 * @module
 */
import { type OutcomeName, OUTCOMES, SAVES_BYTES } from "./outcome.ts";
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
  MOST_NAME_BYTES,
  NAME_BYTES,
  REACHED_AT,
  readNames,
  STATUSES_AT,
  type TallyMemory,
  type TallyRow,
  tallyRow,
  UNREACHED_AT,
} from "./tally_memory.ts";
import { Unique } from "./unique.ts";

/** What is counted of a request at its end. */
export interface CountedRequest {
  /** The bucket; empty where none is known. */
  readonly bucket: string;
  /** How the cache took part. */
  readonly outcome: OutcomeName;
  /** HTTP status of the answer. */
  readonly status: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** Bytes of body that were sent. */
  readonly bytes: number;
  /** Bytes of body that came from the origin for it. */
  readonly upstreamBytes: number;
}

/** Places of the outcomes, and of what else is looked up by name. */
const OUTCOME_PLACE = Object.fromEntries(
  OUTCOMES.map((name, place) => [name, place]),
) as Readonly<Record<OutcomeName, number>>;

const HIT_PLACE = OUTCOME_PLACE.hit;

const BOUNDS_MS: readonly number[] = DURATION_BOUNDS.map((seconds) => seconds * 1000);

const EVENT_PLACE = Object.fromEntries(
  EVENTS.map((name, place) => [name, EVENTS_AT + place]),
) as Readonly<Record<EventName, number>>;

/** Place of the bytes sent among a bucket's words; then those saved, then those of the origin. */
const BYTES = OUTCOMES.length;

/**
 * Counts for one worker.
 *
 * @example
 * ```ts
 * import { createTallyMemory, sumTallies, Tally } from "@s3-edge-cache/telemetry";
 * import assert from "node:assert/strict";
 *
 * const memory = createTallyMemory(2);
 * const request = { bucket: "photos", status: 200, durationMs: 0.2, bytes: 10, upstreamBytes: 0 };
 * new Tally(memory, 0).request({ ...request, outcome: "hit" });
 * new Tally(memory, 1).request({ ...request, outcome: "miss", upstreamBytes: 10 });
 *
 * const sums = sumTallies(memory);
 * assert.equal(sums.requests.hit, 1);
 * assert.equal(sums.requests.miss, 1);
 * assert.equal(sums.buckets.get("photos")?.bytes, 20);
 * ```
 */
export class Tally {
  readonly #row: TallyRow;
  readonly #words: Float64Array<SharedArrayBuffer>;
  readonly #unique: Unique;
  /** Where the words of the buckets with a row of their own are. */
  readonly #buckets: Map<string, number> = new Map();

  /**
   * Counts on where the last worker of this number ended.
   *
   * @param memory What all workers count in.
   * @param worker Number of the worker, which no other that lives has.
   */
  constructor(memory: TallyMemory, worker: number) {
    this.#row = tallyRow(memory, worker);
    this.#words = this.#row.words;
    this.#unique = new Unique(memory.unique[worker]!);
    for (const name of readNames(this.#row)) this.#remember(name);
  }

  /** Counts a request. */
  request(request: CountedRequest): void {
    const words = this.#words;
    const { outcome, bytes, status, upstreamBytes } = request;
    const place = outcome === "hit" ? HIT_PLACE : OUTCOME_PLACE[outcome];
    words[STATUSES_AT + ((status / 100) | 0) - 1]! += 1;
    this.#observe(DURATIONS_AT + place * HISTOGRAM_WORDS, request.durationMs);
    const bucket = this.#buckets.get(request.bucket) ?? this.#open(request.bucket, status);
    words[bucket + place]! += 1;
    words[bucket + BYTES]! += bytes;
    if (outcome === "hit" || SAVES_BYTES.has(outcome)) words[bucket + BYTES + 1]! += bytes;
    if (upstreamBytes > 0) words[bucket + BYTES + 2]! += upstreamBytes;
  }

  /** Counts an answer of the origin by how long its first byte took, in milliseconds. */
  firstByte(milliseconds: number): void {
    this.#observe(FIRST_BYTES_AT, milliseconds);
  }

  /**
   * Counts an object that was read from the origin, among the different ones.
   *
   * @param name Its bucket and key.
   * @param bytes Its size; 0 where it is not known.
   */
  object(name: string, bytes: number): void {
    this.#unique.add(name, bytes);
  }

  /** Notes that the origin was reached, or was not, at a time in milliseconds since the epoch. */
  origin(reached: boolean, now: number): void {
    this.#words[reached ? REACHED_AT : UNREACHED_AT] = now;
  }

  /** Counts an event. */
  event(name: EventName, times: number = 1): void {
    this.#words[EVENT_PLACE[name]]! += times;
  }

  #observe(histogram: number, milliseconds: number): void {
    let bound = 0;
    while (bound < BOUNDS_MS.length && milliseconds > BOUNDS_MS[bound]!) bound++;
    this.#words[histogram + bound]! += 1;
    this.#words[histogram + HISTOGRAM_WORDS - 1]! += milliseconds;
  }

  /**
   * The words of a bucket without a row: it gets one if an answer shows that it exists and there
   * is a row left, so that names nobody has used cost nothing.
   */
  #open(name: string, status: number): number {
    const { named, names } = this.#row;
    const count = named[0]!;
    const isPlain = /^[\x21-\x7e]+$/.test(name) && name.length <= MOST_NAME_BYTES;
    if (status >= 400 || count >= MOST_BUCKETS || !isPlain) return BUCKETS_AT;
    const start = count * NAME_BYTES;
    names[start] = name.length;
    for (let i = 0; i < name.length; i++) names[start + 1 + i] = name.charCodeAt(i);
    Atomics.store(named, 0, count + 1);
    return this.#remember(name);
  }

  #remember(name: string): number {
    const place = BUCKETS_AT + (this.#buckets.size + 1) * BUCKET_WORDS;
    this.#buckets.set(name, place);
    return place;
  }
}
