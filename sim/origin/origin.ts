/**
 * The strict in-memory S3 that stands for Amazon's in tests and in the demo.
 *
 * @module
 */
import type { Credentials } from "@s3-edge-cache/auth";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { type Bucket, emptyBucket } from "./bucket.ts";
import { keyOfText } from "./keys.ts";
import { currentObject } from "./versions.ts";
import { type Call, type CallFilter, matches } from "./calls.ts";
import { type Desk, exchange, refuse } from "./exchange.ts";
import { type Fault, Faults } from "./fault.ts";
import { type Held, type HoldFilter, Holds } from "./hold.ts";
import { Listener } from "./listener.ts";
import type { Delivery, WireRequest } from "./http_connection.ts";
import { completeOptions, type OriginOptions } from "./options.ts";
import { seedObject } from "./seed.ts";
import { emptyState, requireBucket } from "./state.ts";
import type { StoredObject, Version } from "./stored_object.ts";

/** A running origin. */
export interface Origin extends AsyncDisposable {
  /** Its endpoint, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Its port; the same again after `resume`. */
  readonly port: number;
  /** The access key that it takes. */
  readonly credentials: Credentials;
  /** Its region. */
  readonly region: string;
  /** Every request since the start or the last `reset`, in the order of arrival. */
  readonly calls: readonly Call[];
  /** Connections that are open now. */
  readonly connections: number;
  /** Answers a request that comes past the network. */
  respond(request: WireRequest): Promise<Delivery>;
  /** How many calls a filter means. */
  countCalls(filter?: CallFilter): number;
  /** Holds the next request that matches at a point of its way. */
  hold(filter: HoldFilter): Held;
  /** Does harm to the next `times` requests that match; 1 if not given. */
  fault(filter: CallFilter, fault: Fault, times?: number): void;
  /** A bucket that is there, or a new one of this name: to look at, and to change its settings. */
  bucket(name: string): Bucket;
  /**
   * Puts an object into a bucket, past HTTP.
   *
   * @param bucket A bucket that is there.
   * @param key The key as text.
   * @param body The bytes; a text is taken as UTF-8.
   * @param headers What a PutObject would have carried, names in lower case.
   * @returns What is stored.
   */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | string,
    headers?: readonly HeaderPair[],
  ): StoredObject;
  /** The newest version of a key, if it is an object. */
  get(bucket: string, key: string): StoredObject | undefined;
  /** Every version of a key, the newest last. */
  versions(bucket: string, key: string): readonly Version[];
  /** Deletes every version of a key, past HTTP. */
  drop(bucket: string, key: string): void;
  /** Forgets calls and faults, releases all holds; what is stored stays. */
  reset(): void;
  /** Hangs up every connection, as an origin does that restarts. */
  hangUp(): void;
  /** Hangs up every connection, releases all holds, and refuses what comes. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  resume(): void;
}

/**
 * Starts an origin on a free port of 127.0.0.1.
 *
 * @param options Its choices.
 * @returns The running origin; disposing of it hangs up every connection, and throws if the
 * origin itself has failed at something.
 *
 * @example
 * ```ts
 * import { startOrigin } from "@s3-edge-cache/sim";
 * import assert from "node:assert/strict";
 *
 * await using origin = await startOrigin();
 * origin.put("bucket", "greeting", "hello");
 * const answer = await fetch(`${origin.url}/bucket/greeting`);
 * await answer.body?.cancel();
 * assert.equal(answer.status, 403);
 * assert.equal(origin.countCalls({ operation: "GetObject" }), 1);
 * ```
 */
export function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  return Promise.resolve(new MemoryOrigin(completeOptions(options)));
}

/** The origin: its state, and the listener before it. */
class MemoryOrigin implements Origin {
  readonly #options: Required<OriginOptions>;
  readonly #desk: Desk;
  readonly #listener: Listener;

  constructor(options: Required<OriginOptions>) {
    this.#options = options;
    const state = emptyState(options);
    const desk: Desk = { state, calls: [], holds: new Holds(), faults: new Faults() };
    this.#desk = desk;
    for (const name of options.buckets) this.bucket(name);
    this.#listener = new Listener((connection) => ({
      respond: (request) => exchange(desk, request, connection),
      refuse: (error) => refuse(desk, error),
    }));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.#listener.port;
  }

  get credentials(): Credentials {
    return this.#options.credentials;
  }

  get region(): string {
    return this.#options.region;
  }

  get calls(): readonly Call[] {
    return this.#desk.calls;
  }

  get connections(): number {
    return this.#listener.connections;
  }

  respond(request: WireRequest): Promise<Delivery> {
    return exchange(this.#desk, request, 0);
  }

  countCalls(filter: CallFilter = {}): number {
    return this.#desk.calls.filter((call) => matches(call, filter)).length;
  }

  hold(filter: HoldFilter): Held {
    return this.#desk.holds.order(filter);
  }

  fault(filter: CallFilter, fault: Fault, times = 1): void {
    this.#desk.faults.order(filter, fault, times);
  }

  bucket(name: string): Bucket {
    const { buckets } = this.#desk.state;
    const bucket = buckets.get(name) ?? emptyBucket(name, this.#options.now());
    buckets.set(name, bucket);
    return bucket;
  }

  put(
    bucket: string,
    key: string,
    body: Uint8Array | string,
    headers: readonly HeaderPair[] = [],
  ): StoredObject {
    return seedObject(this.#desk.state, bucket, key, body, headers);
  }

  get(bucket: string, key: string): StoredObject | undefined {
    return currentObject(requireBucket(this.#desk.state, bucket), keyOfText(key));
  }

  versions(bucket: string, key: string): readonly Version[] {
    return requireBucket(this.#desk.state, bucket).versions.get(keyOfText(key)) ?? [];
  }

  drop(bucket: string, key: string): void {
    requireBucket(this.#desk.state, bucket).versions.delete(keyOfText(key));
  }

  reset(): void {
    this.#desk.calls.length = 0;
    this.#desk.faults.clear();
    this.#desk.holds.releaseAll();
  }

  hangUp(): void {
    this.#listener.hangUp();
  }

  async stop(): Promise<void> {
    this.#desk.holds.releaseAll();
    await this.#listener.close();
  }

  resume(): void {
    this.#listener.open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.#listener.failures.length > 0) {
      throw new AggregateError(this.#listener.failures, "the origin itself has failed");
    }
  }
}
