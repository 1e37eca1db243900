/**
 * What the words and figures of a slot are; `slots.ts` says who may change them.
 *
 * @module
 */

/** Raised when the slot dies. */
export const GENERATION = 0;
/** One of the states below. */
export const STATE = 1;
/** A hash of object and variant. */
export const HASH_ENTRY = 2;
/** A hash of the object. */
export const HASH_LOW = 3;
/** The next slot of its chain in the index, of the limbo or of the free slots, plus one. */
export const NEXT = 4;
/** Address of its memory in the arena; of a fill that waits, also of a cell for its key. */
export const CHAIN = 5;
/** Length of the object in UTF-16 code units. */
export const OBJECT_UNITS = 6;
/** Length of object and variant in UTF-16 code units. */
export const KEY_UNITS = 7;
/** Bytes that the key takes at the beginning of its memory. */
export const KEY_BYTES = 8;
/** Bytes of the record behind the key. */
export const RECORD_BYTES = 9;
/** Number of the worker that fills. */
export const WORKER = 10;
/** Raised when a follower has something to look at. */
export const EVENTS = 11;
/** One of the phases below. */
export const PHASE = 12;
/** Bytes of the body that have landed, as an unsigned integer. */
export const PROGRESS = 13;
/** Why the fill was aborted. */
export const CODE = 14;
/** Tells the versions of an object apart; 0 for an entry that goes with any. */
export const VERSION = 15;

/** States: not in use. */
export const FREE = 0;
/** A fill that can be joined. */
export const FILLING = 1;
/** A fill that was overtaken by a write. */
export const LOST = 2;
/** An entry that can be found. */
export const READY = 3;
/** At its end, its memory waiting for the last pin. */
export const DEAD = 4;

/** Phases: the fill has not announced its entry. */
export const WAITING = 0;
/** Record and size are known, and bytes land. */
export const BEGUN = 1;
/** All bytes have landed, and are right. */
export const ENDED = 2;
/** The fill broke off. */
export const ABORTED = 3;

/** Figures: length of the body in bytes, -1 while it is not known. */
export const SIZE = 0;
/** When the entry was admitted, in milliseconds since the epoch. */
export const STORED_AT = 1;
/** From when on it is no longer found. */
export const EXPIRES_AT = 2;
/** Bytes that the slot is charged with. */
export const WEIGHT = 3;
