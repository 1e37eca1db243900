/**
 * What queues know of slots: a row of 32 bytes each, so that an operation on a slot touches one
 * line of the processor's cache.
 *
 * @module
 */

/** Stands for "no slot" in links and results. */
export const NO_SLOT = -1;

/** Tag of a slot that is in no queue. */
export const NO_QUEUE = 0;

/** Words of a row; row `slot` begins at word `slot * ROW_WORDS`. The last two are the weight. */
export const ROW_WORDS = 8;

/** Word of the slot queued after this one, or `NO_SLOT`. */
export const NEWER = 0;

/** Word of the slot queued before this one, or `NO_SLOT`. */
export const OLDER = 1;

/** Word of the key's first hash. */
export const HIGH = 2;

/** Word of the key's second hash. */
export const LOW = 3;

/** Word of the queue that the slot is in, or `NO_QUEUE`. */
export const QUEUE = 4;

/** Doubles of a row. */
export const ROW_DOUBLES = 4;

/** Double of the bytes that the entry is charged with. */
export const WEIGHT = 3;

/**
 * Links, weights and key hashes by slot; both arrays are over the same memory.
 *
 * Several policies may share one table, as long as no two of them hold the same slot. What stands
 * in the row of a slot that no queue holds means nothing, but for its queue.
 */
export interface SlotTable {
  /** The rows as words. */
  readonly words: Int32Array;
  /** The rows as doubles. */
  readonly doubles: Float64Array;
}
