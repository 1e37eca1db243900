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
 * - at most one fill of an address can be joined at a time; a fill that a write has overtaken goes
 *   on for those who follow it already, and for nobody else;
 * - what the cache holds, records included, never exceeds `maxBytes` and `maxEntries`: bytes that
 *   are leased or set aside for a fill count as held;
 * - bytes that a lease or a follower hands out do not change until its release;
 * - an entry is found only whole, as long as it was announced;
 * - entries of one object that were given a version were given the same one: what shows an entry
 *   to be outdated takes it away;
 * - an entry takes the place of its *parts*: entries of the same object whose variant is its own
 *   followed by {@linkcode PART}.
 *
 * @module
 */
import type { Awaitable } from "./awaitable.ts";
import type { Fill, Follower } from "./fill.ts";

/** Stands between the variant of an entry and what tells a part of it. */
export const PART = "|";

/** Turns a record into bytes and back; its size counts against the cache's bound. */
export interface RecordCodec<R> {
  /** The record as bytes. */
  encode(record: R): Uint8Array;
  /** The record that `encode` was given. The bytes are lent for the call. */
  decode(bytes: Uint8Array): R;
}

/** A pinned entry: its record and bytes stay as they are until the release. */
export interface Lease<R> {
  /** What was stored beside the body. */
  readonly record: R;
  /** Length of the body in bytes. */
  readonly size: number;
  /** When the entry was admitted or renewed last, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** From when on the entry is stale, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * The bytes from `start` up to, not including, `end`, in order, as views of at most 1 MiB.
   * The views are the cache's own memory: read them, and only before the release.
   *
   * @throws {RangeError} if `start` and `end` are not integers in order within the body.
   * @throws {Error} if the lease is released.
   */
  chunks(start: number, end: number): Iterable<Uint8Array>;
  /** Gives the entry back. Further calls do nothing. */
  release(): void;
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

/** What is to be done with a request for an entry. */
export type Acquisition<R> =
  | {
    /** The entry is there. */
    readonly kind: "hit";
    /** Pins it. */
    readonly lease: Lease<R>;
  }
  | {
    /** The caller is to fetch it, or to find out whether what is held is still good. */
    readonly kind: "lead";
    /** Takes what was fetched, or renews what is held. */
    readonly fill: Fill<R>;
    /** What is held, and is not to be used unasked; `undefined` if nothing is. */
    readonly stale: Lease<R> | undefined;
  }
  | {
    /** Another is doing so. */
    readonly kind: "follow";
    /** Reads along. */
    readonly follower: Follower<R>;
    /** As above. */
    readonly stale: Lease<R> | undefined;
  }
  | {
    /** It can't be kept now: a write is in flight, or there is no room. */
    readonly kind: "bypass";
  };

/** A write in flight. */
export interface Write {
  /** Ends the write: what is read from now on may be kept again. Further calls do nothing. */
  end(): void;
}

/** Keeps entries of type `R` plus body bytes. */
export interface Cache<R> {
  /** Finds an entry that is fresh and pins it, or `undefined`. Counts as a use of the entry. */
  lookup(object: string, variant: string, now: number): Lease<R> | undefined;
  /**
   * Finds an entry that is fresh, joins its fill, or begins one. What is found, stale or not, counts
   * as used.
   */
  acquire(object: string, variant: string, now: number): Acquisition<R>;
  /**
   * The same for an entry that is held: nothing else is filled.
   *
   * @param now A time at which the entry would be fresh; `Infinity` for none.
   * @returns `undefined` if nothing is held.
   */
  reacquire(object: string, variant: string, now: number): Acquisition<R> | undefined;
  /**
   * Begins a write: drops every entry in its scope, bars fills until it ends, and takes the right
   * to be admitted from those that run. Once it has returned, or its promise is resolved, no worker
   * finds what was there before.
   */
  beginWrite(scope: WriteScope): Awaitable<Write>;
  /**
   * Drops one entry, if it is held.
   *
   * @param storedAt When the entry was admitted that is meant; any if not given.
   * @returns Whether it was dropped: of callers who mean the same entry, one is told so.
   */
  drop(object: string, variant: string, storedAt?: number): boolean;
  /** A moment's figures. */
  stats(): CacheStats;
  /**
   * Recomputes every sum and link from scratch.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void;
}
