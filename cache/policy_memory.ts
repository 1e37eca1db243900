/**
 * The memory that a policy works on.
 *
 * All that S3-FIFO knows lies in one buffer of fixed size: queues, weights, counts, ghosts. So any
 * number of isolates can work on one policy in turns, and none owns it. A buffer of zeros is an
 * empty policy; its memory is taken by the operating system page by page as it is touched.
 *
 * A slot takes 33 bytes, and a key in a ghost 9 and two to four cells of 4 bytes: 49 to 56 bytes an
 * entry where there are as many slots as entries. A shard takes 52 bytes.
 *
 * @module
 */
import { GHOST_WORDS, type GhostTable, indexLength } from "./ghost.ts";
import { QUEUE_WORDS, type QueueTable } from "./queue.ts";
import { ROW_DOUBLES, ROW_WORDS, type SlotTable } from "./slot_table.ts";

/** What the small queue may have of the capacity; the ghost is as long as the rest. */
export const SMALL_SHARE = 0.1;

/** The most slots whose rows are numbered by a 31-bit integer with room to spare. */
const MOST_SLOTS = 2 ** 26;

/** What a policy has to share out, and over how many slots. */
export interface PolicyLimits {
  /** Sum of the weights in bytes that the store lets all shards hold together; above 0. */
  readonly maxBytes: number;
  /** Slots that the store lets all shards hold together; an integer above 0. */
  readonly maxEntries: number;
  /** Independent policies that the keys are spread over, 1 to 65,536. */
  readonly shards: number;
  /** Slots are below it; an integer of at least `maxEntries`, at most 2 ** 26. */
  readonly slots: number;
}

/** A policy's memory. It can be posted to other isolates, which share it if its buffer is shared. */
export interface PolicyMemory {
  /** What it was made for. */
  readonly limits: PolicyLimits;
  /** All of the policy's state. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** The arrays over a policy's memory. */
export interface PolicyViews {
  /** What the memory was made for. */
  readonly limits: PolicyLimits;
  /** Links, weights, key hashes and queue by slot. */
  readonly table: SlotTable;
  /** Uses by slot. */
  readonly uses: Uint8Array;
  /** Ends and sums of the queues, two a shard. */
  readonly queues: QueueTable;
  /** The ghosts, one a shard. */
  readonly ghosts: GhostTable;
}

/** Where an array begins, in bytes, and how many elements it has. */
type Place = readonly [start: number, length: number];

/** The most keys that the ghost of one shard remembers. */
export function ghostLength({ maxEntries, shards }: PolicyLimits): number {
  return Math.ceil(maxEntries / shards * (1 - SMALL_SHARE));
}

/** Bytes of the buffer that holds a policy with these limits. */
export function policyBytes(limits: PolicyLimits): number {
  return layOut(limits).bytes;
}

/**
 * Makes the memory of an empty policy.
 *
 * @param limits What the policy has to share out.
 * @param Buffer `SharedArrayBuffer` where several isolates are to share the policy.
 * @throws {RangeError} naming the limit that is out of bounds and its value, or if there is no room
 * for the buffer.
 *
 * @example
 * ```ts
 * import { createPolicyMemory, shardedS3Fifo } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const limits = { maxBytes: 1_000, maxEntries: 10, shards: 2, slots: 10 };
 * const memory = createPolicyMemory(limits, SharedArrayBuffer);
 * shardedS3Fifo(memory).insert(7, 400, 0x1234, 0x5678);
 * assert.equal(shardedS3Fifo(memory).weight, 400);
 * ```
 */
export function createPolicyMemory(
  limits: PolicyLimits,
  Buffer: ArrayBufferConstructor | SharedArrayBufferConstructor,
): PolicyMemory {
  const { maxBytes, maxEntries, shards, slots } = limits;
  if (!(maxBytes > 0)) throw new RangeError(`maxBytes must be above 0, is ${maxBytes}`);
  holdInteger("maxEntries", maxEntries, 1, MOST_SLOTS);
  holdInteger("shards", shards, 1, 65_536);
  holdInteger("slots", slots, maxEntries, MOST_SLOTS);
  return {
    limits: { maxBytes, maxEntries, shards, slots },
    buffer: new Buffer(policyBytes(limits)),
  };
}

/** Lays arrays over a policy's memory. */
export function policyViews({ limits, buffer }: PolicyMemory): PolicyViews {
  const at = layOut(limits);
  return {
    limits,
    table: {
      words: new Int32Array(buffer, at.slots[0], at.slots[1] * ROW_WORDS),
      doubles: new Float64Array(buffer, at.slots[0], at.slots[1] * ROW_DOUBLES),
    },
    uses: new Uint8Array(buffer, ...at.uses),
    queues: {
      words: new Int32Array(buffer, ...at.queueWords),
      weights: new Float64Array(buffer, ...at.queueWeights),
    },
    ghosts: {
      length: ghostLength(limits),
      words: new Int32Array(buffer, ...at.ghostWords),
      high: new Int32Array(buffer, ...at.ghostHigh),
      low: new Int32Array(buffer, ...at.ghostLow),
      live: new Uint8Array(buffer, ...at.ghostLive),
      cells: new Int32Array(buffer, ...at.ghostCells),
    },
  };
}

/** Places every array, those of wider elements first, so that each is aligned. */
function layOut(limits: PolicyLimits) {
  const { slots, shards } = limits;
  const keys = shards * ghostLength(limits);
  let bytes = 0;
  const place = (width: number, length: number): Place => {
    const start = bytes;
    bytes += width * length;
    return [start, length];
  };
  const places = {
    slots: place(8 * ROW_DOUBLES, slots),
    queueWeights: place(8, shards * 2),
    queueWords: place(4, shards * 2 * QUEUE_WORDS),
    ghostWords: place(4, shards * GHOST_WORDS),
    ghostHigh: place(4, keys),
    ghostLow: place(4, keys),
    ghostCells: place(4, shards * indexLength(ghostLength(limits))),
    uses: place(1, slots),
    ghostLive: place(1, keys),
  };
  return { ...places, bytes };
}

function holdInteger(name: keyof PolicyLimits, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be an integer from ${least} to ${most}, is ${value}`);
  }
}
