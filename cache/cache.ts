/**
 * The seam between the proxy and whatever keeps its entries.
 *
 * An entry is addressed by two opaque strings: the *object* it was read from and the *variant*
 * of it (a version, a way of asking). A write concerns an object with all its variants. Time is
 * handed in: milliseconds since the epoch, from the caller's clock.
 *
 * Invariants that every implementation keeps:
 * - between `beginWrite` and its `end` no entry of the object is found or admitted, and a fill
 *   that was begun before the `end` is never admitted;
 * - what the cache holds, records included, never exceeds `maxBytes` and `maxEntries`: bytes that
 *   are leased or set aside for a fill count as held;
 * - bytes that a lease hands out do not change until its release;
 * - an entry is found only whole, as long as it was announced.
 *
 * @module
 */

/** A value, or the promise of one where another isolate has to be asked. */
export type Awaitable<T> = T | Promise<T>;

/** Turns a record into bytes and back; its size counts against the cache's bound. */
export interface RecordCodec<R> {
  /** The record as bytes. */
  encode(record: R): Uint8Array;
  /** The record that `encode` was given. */
  decode(bytes: Uint8Array): R;
}

/** A pinned entry: its record and bytes stay as they are until the release. */
export interface Lease<R> {
  /** What was stored beside the body. */
  readonly record: R;
  /** Length of the body in bytes. */
  readonly size: number;
  /** When the entry was admitted, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** From when on the entry is no longer found, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * The bytes from `start` up to, not including, `end`, in order, as views of at most 256 KiB.
   * The views are the cache's own memory: read them, and only before the release.
   *
   * @throws {RangeError} if `start` and `end` are not integers in order within the body.
   * @throws {Error} if the lease is released.
   */
  chunks(start: number, end: number): Iterable<Uint8Array>;
  /** Gives the entry back. Further calls do nothing. */
  release(): void;
}

/** The right to put one entry into the cache, begun before the upstream request is sent. */
export interface Fill<R> {
  /**
   * Announces the entry.
   *
   * @param record What is stored beside the body.
   * @param size Length of the body in bytes, `undefined` where it is not known beforehand.
   * @returns Whether the cache takes it; `false` ends the fill.
   * @throws {RangeError} if the size is not an integer of at least 0.
   * @throws {Error} if it was announced before.
   */
  begin(record: R, size: number | undefined): boolean;
  /**
   * Adds bytes to the body. The chunk is copied or kept: the caller no longer changes it.
   *
   * @returns Whether the fill goes on; `false` after it outgrew its announced or permitted size
   * or lost its right, and then it is at its end.
   * @throws {Error} if the entry was not announced.
   */
  write(chunk: Uint8Array): boolean;
  /**
   * Admits the entry, if it is as long as announced and no write has touched its object.
   *
   * @param now The time from which its age counts.
   * @returns Whether it was admitted. Either way the fill is at its end.
   * @throws {Error} if the entry was not announced.
   */
  commit(now: number): Awaitable<boolean>;
  /** Gives the fill up. After `commit`, or a second time, it does nothing. */
  abort(): void;
}

/** A write in flight. */
export interface Write {
  /** Ends the write: what is read from now on may be kept again. Further calls do nothing. */
  end(): Awaitable<void>;
}

/** What a write concerns: single objects, or all whose names begin with a prefix. */
export type WriteScope =
  | { readonly objects: readonly string[] }
  | { readonly prefix: string };

/** A moment's figures of a cache. */
export interface CacheStats {
  /** Entries held. */
  readonly entries: number;
  /**
   * Bytes held, records included: entries that can be found, entries dropped or evicted whose
   * leases are not released, and what running fills have set aside.
   */
  readonly bytes: number;
  /** Entries that made room for others, since the start. */
  readonly evictions: number;
  /** Leases not yet released. */
  readonly leases: number;
  /** Fills that may still be admitted: neither at their end nor overtaken by a write. */
  readonly fills: number;
  /** Writes begun and not ended. */
  readonly writes: number;
}

/** Keeps entries of type `R` plus body bytes. */
export interface Cache<R> {
  /** Finds an entry and pins it, or `undefined`. Counts as a use of the entry. */
  lookup(object: string, variant: string, now: number): Awaitable<Lease<R> | undefined>;
  /**
   * Begins a fill, before the upstream request is sent.
   *
   * @returns The fill, or `undefined` while a write of the object is in flight.
   */
  fill(object: string, variant: string, now: number): Awaitable<Fill<R> | undefined>;
  /** Begins a write: drops every entry in its scope, and bars fills until it ends. */
  beginWrite(scope: WriteScope): Awaitable<Write>;
  /** Drops one entry, if it is held. */
  drop(object: string, variant: string): Awaitable<void>;
  /** A moment's figures. */
  stats(): Awaitable<CacheStats>;
  /**
   * Recomputes every sum and link from scratch.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): Awaitable<void>;
}
