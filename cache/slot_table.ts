/**
 * What queues know of slots, in typed arrays over memory that may be shared: 25 bytes a slot.
 *
 * @module
 */

/** Stands for "no slot" in links and results. */
export const NO_SLOT = -1;

/** Tag of a slot that is in no queue. */
export const NO_QUEUE = 0;

/**
 * Links, weights and key hashes by slot, in arrays of one length.
 *
 * Several policies may share one table, as long as no two of them hold the same slot. What stands
 * in the row of a slot that no queue holds means nothing, but for its queue.
 */
export interface SlotTable {
  /** The slot queued after this one, or `NO_SLOT`. */
  readonly newer: Int32Array;
  /** The slot queued before this one, or `NO_SLOT`. */
  readonly older: Int32Array;
  /** Bytes that the entry is charged with. */
  readonly weight: Float64Array;
  /** First hash of the key. */
  readonly high: Uint32Array;
  /** Second hash of the key. */
  readonly low: Uint32Array;
  /** The queue that the slot is in, or `NO_QUEUE`. */
  readonly queue: Uint8Array;
}
