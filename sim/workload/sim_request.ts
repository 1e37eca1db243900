/**
 * One request of a workload or a trace.
 *
 * @module
 */
import { hashKey } from "@s3-edge-cache/telemetry";

/** What is done with an object: read, asked for its head, written or deleted. */
export type SimOperation = "read" | "head" | "write" | "delete";

/** One request. */
export interface SimRequest {
  /** When it comes at the earliest, in milliseconds; 0 for as soon as a client is free. */
  readonly time: number;
  /** What is done. */
  readonly operation: SimOperation;
  /** The object's name. */
  readonly key: string;
  /** The object's size in bytes. */
  readonly size: number;
  /** Upper 32 bits of the hash of the key. */
  readonly high: number;
  /** Lower 32 bits of the hash of the key. */
  readonly low: number;
  /** Which request will be the next of this object, counted from 0; `Infinity` for none. */
  readonly nextUse: number | undefined;
}

/** Requests in order, some thousands at a time; each pass begins anew and gives the same. */
export interface RequestSource {
  /** How many there are, if that is known. */
  readonly length: number | undefined;
  /** Whether every request tells which will be the next of its object. */
  readonly foreseen: boolean;
  /** How much of the present pass is done, 0 to 1, where that is known better than by the length. */
  readonly share?: () => number;
  /** Begins a pass. */
  batches(): AsyncIterable<readonly SimRequest[]>;
}

/** Makes a request, its key hashed. */
export function simRequest(
  time: number,
  operation: SimOperation,
  key: string,
  size: number,
): SimRequest {
  const { high, low } = hashKey(key);
  return { time, operation, key, size, high, low, nextUse: undefined };
}
