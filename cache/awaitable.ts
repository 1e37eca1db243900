/**
 * Answers that are mostly there at once.
 *
 * @module
 */

/** A value, or the promise of one where it takes more than a moment. */
export type Awaitable<T> = T | Promise<T>;
