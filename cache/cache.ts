/**
 * The words of the seam between the proxy and whatever keeps its entries.
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
