/**
 * The seam of fills: how an entry comes into a cache, and how it is read meanwhile.
 *
 * @module
 */
import type { Awaitable } from "./awaitable.ts";

/**
 * Why a fill broke off, as its followers hear it: a small integer. The codes below 1 are the
 * cache's own, the others mean something to its user only.
 */
export type AbortCode = number;

/** The fill was given up or lost; a new one may go better. */
export const FILL_GIVEN_UP: AbortCode = 0;

/** The worker that filled has died. */
export const FILL_WORKER_DIED: AbortCode = -1;

/** The cache does not take the entry: it is too large, or there is no room for it. */
export const FILL_REFUSED: AbortCode = -2;

/** What the fill was to replace was found to be good: it is there to be found. */
export const FILL_RENEWED: AbortCode = -3;

/** Thrown to a follower whose fill broke off. */
export class AbortedFill extends Error {
  /** Why. */
  readonly code: AbortCode;

  /**
   * An error to throw.
   *
   * @param code Why the fill broke off.
   */
  constructor(code: AbortCode) {
    super(`The fill was aborted with code ${code}`);
    this.name = "AbortedFill";
    this.code = code;
  }
}

/** What a follower hears first. */
export type FillHead<R> =
  | {
    readonly kind: "begun";
    /** What is stored beside the body. */
    readonly record: R;
    /** Length of the body in bytes, `undefined` while it is not known. */
    readonly size: number | undefined;
  }
  | {
    readonly kind: "aborted";
    /** Why. */
    readonly code: AbortCode;
  };

/** Reads an entry while it is filled. */
export interface Follower<R> {
  /** Waits until the entry is announced, or the fill broke off. */
  head(): Promise<FillHead<R>>;
  /**
   * The bytes that come next: a view of at most 1 MiB, `undefined` at the end of a fill that is
   * complete. A promise only where there is nothing yet. One call at a time. The view is the
   * cache's own memory: read it, and only before the release.
   *
   * @throws {AbortedFill} if the fill broke off, whether or not bytes are left.
   * @throws {Error} if the follower is released.
   */
  read(): Awaitable<Uint8Array | undefined>;
  /** Ends the reading. A `read` that waits is rejected. Further calls do nothing. */
  release(): void;
}

/** The right to put one entry into the cache, begun before the upstream request is sent. */
export interface Fill<R> {
  /** Reads along from the first byte: for the client whose request brought about the fill. */
  follow(): Follower<R>;
  /**
   * Announces the entry.
   *
   * @param record What is stored beside the body.
   * @param size Length of the body in bytes, `undefined` where it is not known beforehand.
   * @param version Tells versions of the object apart, a 32-bit integer: an entry that is admitted
   * drops those of another one. 0, the default, goes with any.
   * @returns Whether the cache takes it; `false` ends the fill with code
   * {@linkcode FILL_REFUSED}.
   * @throws {RangeError} if the size is not an integer of at least 0.
   * @throws {Error} if it was announced before.
   */
  begin(record: R, size: number | undefined, version?: number): boolean;
  /**
   * Makes the stale entry that the fill was led with as good as new, unless a write has touched its
   * object. The fill is at its end, with code {@linkcode FILL_RENEWED}.
   *
   * @param now The time from which its age counts.
   * @returns Whether the entry is held.
   * @throws {Error} if the fill was led without one.
   */
  renew(now: number): boolean;
  /**
   * Adds bytes to the body. They are copied.
   *
   * @returns Whether the fill goes on; `false` after it outgrew its announced or permitted size,
   * and then it is at its end: with code {@linkcode FILL_GIVEN_UP} if there is more than announced,
   * else {@linkcode FILL_REFUSED}.
   * @throws {Error} if the entry was not announced.
   */
  write(chunk: Uint8Array): boolean;
  /**
   * The memory that the next bytes of a body of known size go to, as far as it lies together. Who
   * writes them there himself, and then calls `skip`, saves the copy of `write`.
   *
   * @returns `undefined` if nothing more is expected: the size is not known or reached, or the fill
   * is at its end.
   * @throws {Error} if the entry was not announced.
   */
  room(): Uint8Array | undefined;
  /**
   * Adds bytes to the body that nobody writes: what is in their place is undefined, and must not be
   * served, unless they were written to the `room`. Also for whoever needs the entry's weight and not
   * its body, as a simulation does.
   *
   * @param bytes How many.
   * @returns As `write` does.
   * @throws {Error} if the entry was not announced.
   */
  skip(bytes: number): boolean;
  /**
   * Ends the body, and admits the entry if no write has touched its object. Its followers hear of
   * a good end if it is as long as announced, admitted or not.
   *
   * @param now The time from which its age counts.
   * @returns Whether it was admitted. Either way the fill is at its end.
   * @throws {Error} if the entry was not announced.
   */
  commit(now: number): boolean;
  /**
   * Ends the body, and admits nothing. Its followers hear of a good end if it is as long as
   * announced.
   *
   * @throws {Error} if the entry was not announced.
   */
  finish(): void;
  /** Whether anybody reads along, in any worker. */
  readonly followed: boolean;
  /**
   * Breaks the fill off. After `commit`, or a second time, it does nothing.
   *
   * @param code What its followers hear; {@linkcode FILL_GIVEN_UP} unless told.
   */
  abort(code?: AbortCode): void;
}
