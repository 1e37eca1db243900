/**
 * Requests that are made up.
 *
 * @module
 */
import { Random } from "./random.ts";
import { type RequestSource, type SimRequest, simRequest } from "./sim_request.ts";
import { Zipf } from "./zipf.ts";

/** Requests of a batch. */
const BATCH = 4_096;

/** What requests are made up from. */
export interface WorkloadOptions {
  /** Different objects. */
  readonly objects: number;
  /** Smallest size in bytes. */
  readonly minBytes: number;
  /** Largest size in bytes; sizes are uniform in between. */
  readonly maxBytes: number;
  /** `zipf`: by popularity; `uniform`: all alike; `scan`: one after the other, over and over. */
  readonly pattern: "zipf" | "uniform" | "scan";
  /** How uneven `zipf` is. */
  readonly zipfExponent: number;
  /** Share of requests, 0 to 1, each for an object of its own that never comes again. */
  readonly oneHitWonders: number;
  /** How many requests. */
  readonly requests: number;
  /** Where all randomness comes from. */
  readonly seed: number;
}

/**
 * Makes up requests: the same for the same options.
 *
 * @example
 * ```ts
 * import { workload } from "@s3-edge-cache/sim";
 * import assert from "node:assert/strict";
 *
 * const source = workload({
 *   objects: 3,
 *   minBytes: 1_024,
 *   maxBytes: 65_536,
 *   pattern: "scan",
 *   zipfExponent: 1,
 *   oneHitWonders: 0,
 *   requests: 4,
 *   seed: 42,
 * });
 * const batches = await Array.fromAsync(source.batches());
 * const keys = batches.flat().map(({ key }) => key);
 * assert.deepEqual(keys, ["object-0", "object-1", "object-2", "object-0"]);
 * ```
 */
export function workload(options: WorkloadOptions): RequestSource {
  return {
    length: options.requests,
    foreseen: false,
    async *batches(): AsyncGenerator<readonly SimRequest[]> {
      const next = requestMaker(options);
      for (let made = 0; made < options.requests; made += BATCH) {
        const batch: SimRequest[] = [];
        const length = Math.min(BATCH, options.requests - made);
        while (batch.length < length) batch.push(next());
        yield batch;
      }
    },
  };
}

/** Makes one request a call. */
function requestMaker(options: WorkloadOptions): () => SimRequest {
  const { objects, oneHitWonders, seed } = options;
  const known: (SimRequest | undefined)[] = new Array(objects);
  const nextObject = objectChooser(options);
  const chance = new Random(seed, "one-hit wonders");
  const wonderSizes = new Random(seed, "sizes of one-hit wonders");
  let wonders = 0;
  return () => {
    if (oneHitWonders > 0 && chance.next() < oneHitWonders) {
      return simRequest(0, "read", `wonder-${wonders++}`, drawSize(options, wonderSizes));
    }
    const object = nextObject();
    return known[object] ??= simRequest(0, "read", `object-${object}`, sizeOf(options, object));
  };
}

function objectChooser(options: WorkloadOptions): () => number {
  const { objects, pattern, zipfExponent, seed } = options;
  const random = new Random(seed, "objects");
  switch (pattern) {
    case "uniform":
      return () => random.below(objects);
    case "scan": {
      let turn = 0;
      return () => turn++ % objects;
    }
    case "zipf": {
      const zipf = new Zipf(objects, zipfExponent, random);
      return () => zipf.next();
    }
  }
}

/** An object's size, by its number alone: the same whoever asks first. */
function sizeOf(options: WorkloadOptions, object: number): number {
  return drawSize(options, new Random(options.seed ^ Math.imul(object + 1, 0x9e3779b1), "sizes"));
}

function drawSize({ minBytes, maxBytes }: WorkloadOptions, random: Random): number {
  return minBytes + random.below(maxBytes - minBytes + 1);
}
