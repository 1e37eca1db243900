/**
 * How many different objects were asked for, and how many bytes they have.
 *
 * @module
 */
import { HyperLogLog, REGISTERS } from "./hyper_log_log.ts";
import { hashKey } from "./key_hash.ts";
import { PrioritySample, SAMPLE_DOUBLES } from "./priority_sample.ts";

/** Bytes of memory that the two sketches take: 576 KiB. */
export const UNIQUE_MEMORY_BYTES: number = SAMPLE_DOUBLES * 8 + REGISTERS;

/**
 * Estimates of different keys and of the bytes behind them.
 *
 * Keys are counted with a standard error of 0.4 %. Bytes are exact for up to 30,720 different
 * objects, and have a standard error of at most 0.64 % beyond; an object counts once with each
 * size that it was seen with. Lists of different parts can be merged: in any order, with the same
 * result as one list of all, as far as can be told.
 *
 * One isolate adds to a memory; others may attach to it, if it is shared, and merge from it.
 *
 * @example
 * ```ts
 * import { Unique } from "@s3-edge-cache/telemetry";
 * import assert from "node:assert/strict";
 *
 * const [here, there] = [new Unique(), new Unique()];
 * here.add("bucket/a", 1_000);
 * here.add("bucket/a", 1_000);
 * there.add("bucket/a", 1_000);
 * there.add("bucket/b", 500);
 * here.merge(there);
 * assert.equal(Math.round(here.keys()), 2);
 * assert.equal(here.bytes(), 1_500);
 * ```
 */
export class Unique {
  readonly #keys: HyperLogLog;
  readonly #bytes: PrioritySample;

  /**
   * Attaches to a memory; zeros know nothing yet.
   *
   * @param memory {@linkcode UNIQUE_MEMORY_BYTES} bytes.
   */
  constructor(memory: ArrayBufferLike = new ArrayBuffer(UNIQUE_MEMORY_BYTES)) {
    this.#bytes = new PrioritySample(new Float64Array(memory, 0, SAMPLE_DOUBLES));
    this.#keys = new HyperLogLog(new Uint8Array(memory, SAMPLE_DOUBLES * 8, REGISTERS));
  }

  /**
   * Adds a read.
   *
   * @param key What was read, as its bucket and key.
   * @param bytes Its size; 0 if it is not known: then the key alone is counted.
   */
  add(key: string, bytes: number): void {
    const { high, low } = hashKey(key);
    this.addHash(high, low, bytes);
  }

  /** Adds a read by the hash of its key: 64 bits in two words. */
  addHash(high: number, low: number, bytes: number): void {
    this.#keys.add(high, low);
    this.#bytes.add(high, low, bytes);
  }

  /** Adds all reads of another. */
  merge(other: Unique): void {
    this.#keys.merge(other.#keys);
    this.#bytes.merge(other.#bytes);
  }

  /** How many different keys there were. */
  keys(): number {
    return this.#keys.estimate();
  }

  /** How many bytes the different objects have together. */
  bytes(): number {
    return this.#bytes.estimate();
  }
}
