/**
 * The memory that all workers share: made once, of fixed size, and posted to each.
 *
 * Invariants:
 * - Memory of zeros is an empty cache, but for the arena, which is formatted. The operating system
 *   gives pages as they are touched: limits far above what is used cost address space alone.
 * - A memory is closed at first. Until it is opened, nothing is found or filled in it.
 * - A poisoned memory is never used again; another one takes its place.
 *
 * @module
 */
import { Arena, ARENA_STATE_WORDS, formatArena } from "./arena.ts";
import { MAX_SEGMENT_BYTES } from "./block.ts";
import { variantCounts } from "./key_index.ts";
import { KeyPlaces } from "./key_places.ts";
import { Monitor, MONITOR_WORDS } from "./monitor.ts";
import { type CacheLimits, MOST_WORKERS, validateCacheLimits } from "./options.ts";
import { Pins } from "./pins.ts";
import type { Policy } from "./policy.ts";
import { createPolicyMemory, type PolicyMemory } from "./policy_memory.ts";
import { shardedS3Fifo } from "./sharded_s3_fifo.ts";
import { SLOT_FIGURES, SLOT_WORDS, Slots } from "./slots.ts";
import { WAITING_KEYS_BYTES, WaitingKeys } from "./waiting_keys.ts";
import { WRITE_TABLE_WORDS, WriteTable } from "./write_table.ts";

/** Slots beyond those of the entries: for fills, and for entries that are dead and still read. */
const SPARE_SLOTS = 4_096;

/** The words of `control`, each group in cache lines of its own. */
const OPEN: number = MONITOR_WORDS;
const RETURNED: number = OPEN + 16;
const COUNTS: number = RETURNED + 16;
const COUNTS_WORDS = 16;
const WORKERS: number = COUNTS + COUNTS_WORDS;
/** Words of each worker's own, and their distance: a cache line. */
const WORKER_WORDS = 16;

/** What all workers share. It can be posted to them, and lives as long as any of them holds it. */
export interface CacheMemory {
  /** The bounds that it was made for. */
  readonly limits: CacheLimits;
  /** How many workers can attach, numbered from 0. */
  readonly workers: number;
  /** Monitor, counts, and what each worker says of itself. */
  readonly control: SharedArrayBuffer;
  /** Sums, as 64-bit floating-point numbers. */
  readonly sums: SharedArrayBuffer;
  /** Words of the slots. */
  readonly slots: SharedArrayBuffer;
  /** Figures of the slots. */
  readonly figures: SharedArrayBuffer;
  /** Heads of the index. */
  readonly heads: SharedArrayBuffer;
  /** Variants by object, counted by the index. */
  readonly variants: SharedArrayBuffer;
  /** Keys of fills that have not announced their entry. */
  readonly waiting: SharedArrayBuffer;
  /** Pins, by worker and slot. */
  readonly pins: SharedArrayBuffer;
  /** Writes in flight. */
  readonly writes: SharedArrayBuffer;
  /** What is free in the arena. */
  readonly arena: SharedArrayBuffer;
  /** Keys, records and bodies. */
  readonly segments: readonly SharedArrayBuffer[];
  /** Queues and ghosts. */
  readonly policy: PolicyMemory;
}

/** A memory as one isolate sees it. */
export interface CacheViews {
  /** The memory. */
  readonly memory: CacheMemory;
  /** The lock around all that follows, unless it is said otherwise. */
  readonly monitor: Monitor;
  /** One word, not 0 once the memory is open; loaded with Atomics. */
  readonly open: Int32Array<SharedArrayBuffer>;
  /** Counts, named above. */
  readonly counts: Int32Array<SharedArrayBuffer>;
  /** Sums, named above. */
  readonly sums: Float64Array<SharedArrayBuffer>;
  /** Slots; which words are used outside the monitor is said there. */
  readonly slots: Slots;
  /** Heads of the index. */
  readonly heads: Int32Array<SharedArrayBuffer>;
  /** Variants by object, counted by the index. */
  readonly variants: Int32Array<SharedArrayBuffer>;
  /** Where the keys of slots lie. */
  readonly places: KeyPlaces;
  /** Pins; they need no lock. */
  readonly pins: Pins;
  /** Writes in flight. */
  readonly writes: WriteTable;
  /** Keys, records and bodies. */
  readonly arena: Arena;
  /** Who leaves next. */
  readonly policy: Policy;
  /**
   * What a worker says of itself: written by it alone, and read by all. The keeper has words too,
   * behind those of the workers.
   */
  ownWords(worker: number): Int32Array<SharedArrayBuffer>;
}

/**
 * Bytes that a slot is charged with beside its memory in the arena: 96 of words and figures, at
 * most 12 of the index, at most 51 of the policy, and a pin for each worker. With what the arena
 * adds, a header of 16 bytes and blocks of 64, an entry of 1 KiB is charged with 180 to 250 bytes
 * more than its key, record and body have, in a memory for two workers.
 */
export function slotBytes(workers: number): number {
  return 160 + 4 * workers;
}

/**
 * Makes a memory, empty and closed.
 *
 * @param limits Its bounds.
 * @param workers How many workers share it, 1 to {@linkcode MOST_WORKERS}.
 * @throws {TypeError | RangeError} as `validateCacheLimits`; if the number of workers is out of
 * bounds; or if there is no room for buffers of this size.
 */
export function createCacheMemory(limits: CacheLimits, workers: number): CacheMemory {
  validateCacheLimits(limits);
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS) {
    throw new RangeError(`workers must be an integer from 1 to ${MOST_WORKERS}, is ${workers}`);
  }
  const { maxBytes, maxEntries, maxObjectBytes, ttlMs, shards } = limits;
  const slots = maxEntries + SPARE_SLOTS;
  const segments = segmentsOf(maxBytes);
  const heads = 2 ** Math.ceil(Math.log2(maxEntries));
  const arena = words(ARENA_STATE_WORDS);
  formatArena(segments, new Int32Array(arena));
  return {
    limits: { maxBytes, maxEntries, maxObjectBytes, ttlMs, shards },
    workers,
    control: words(WORKERS + (workers + 1) * WORKER_WORDS),
    sums: words(16),
    slots: words(slots * SLOT_WORDS),
    figures: words(slots * SLOT_FIGURES * 2),
    heads: words(heads),
    variants: words(variantCounts(heads)),
    waiting: new SharedArrayBuffer(WAITING_KEYS_BYTES),
    pins: words(slots * workers),
    writes: words(WRITE_TABLE_WORDS),
    arena,
    segments,
    policy: createPolicyMemory({ maxBytes, maxEntries, shards, slots }, SharedArrayBuffer),
  };
}

/**
 * Lays arrays over a memory.
 *
 * @param door Number towards the monitor: a worker's own, or any beyond those of the workers.
 */
export function cacheViews(memory: CacheMemory, door: number): CacheViews {
  const control = new Int32Array(memory.control);
  const slots = new Slots(new Int32Array(memory.slots), new Float64Array(memory.figures));
  const arena = new Arena(memory.segments, new Int32Array(memory.arena));
  const returned = control.subarray(RETURNED, RETURNED + 1);
  return {
    memory,
    monitor: new Monitor(control.subarray(0, MONITOR_WORDS), door),
    open: control.subarray(OPEN, OPEN + 1),
    counts: control.subarray(COUNTS, COUNTS + COUNTS_WORDS),
    sums: new Float64Array(memory.sums),
    slots,
    heads: new Int32Array(memory.heads),
    variants: new Int32Array(memory.variants),
    places: new KeyPlaces(arena, new WaitingKeys(memory.waiting)),
    pins: new Pins(new Int32Array(memory.pins), slots, memory.workers, returned),
    writes: new WriteTable(new Int32Array(memory.writes)),
    arena,
    policy: shardedS3Fifo(memory.policy),
    ownWords: (worker) => {
      const start = WORKERS + worker * WORKER_WORDS;
      return control.subarray(start, start + WORKER_WORDS);
    },
  };
}

/** Segments of `bytes` bytes in all; a rest that is smaller than a unit is left out. */
function segmentsOf(bytes: number): SharedArrayBuffer[] {
  const segments: SharedArrayBuffer[] = [];
  for (let rest = bytes; rest >= 64; rest -= MAX_SEGMENT_BYTES) {
    segments.push(new SharedArrayBuffer(Math.min(rest, MAX_SEGMENT_BYTES)));
  }
  return segments;
}

function words(length: number): SharedArrayBuffer {
  return new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT);
}
