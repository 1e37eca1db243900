/**
 * What the memory of the cache counts: words of its counts, of its sums, and of each worker's own.
 *
 * @module
 */

/** Counts: slots that were ever used. */
export const USED_SLOTS = 0;
/** The first of the free slots among them, plus one. */
export const FREE_SLOTS = 1;
/** The first slot in limbo, plus one. */
export const LIMBO = 2;
/** Slots that are not free. */
export const LIVE = 3;
/** Slots that are ready. */
export const ENTRIES = 4;
/** Slots that are filling. */
export const FILLS = 5;

/** Sums: entries that made room for others. */
export const EVICTIONS = 0;
/** Weight of the slots in limbo. */
export const LIMBO_BYTES = 1;
/** Weight of the slots that are filling or lost. */
export const FILL_BYTES = 2;

/** Words of a worker's own: leases and followers not released. */
export const LEASES = 0;
/** Writes begun and not ended. */
export const WRITES = 1;
