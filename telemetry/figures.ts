/**
 * A moment's figures: what every metric is read from.
 *
 * @module
 */
import type { TallySums, UniqueFigures } from "./tally_sums.ts";

/** What a cache holds at a moment. */
export interface CacheFigures {
  /** Bytes held, records and bookkeeping included. */
  readonly bytes: number;
  /** The most that it may hold. */
  readonly maxBytes: number;
  /** Objects held. */
  readonly entries: number;
  /** The most that it may hold. */
  readonly maxEntries: number;
  /** Entries that made room for others, since the start. */
  readonly evictions: number;
  /** Entries and fills that are being read. */
  readonly leases: number;
  /** Fills under way. */
  readonly fills: number;
  /** Writes under way, and those that are kept up because their answer was lost. */
  readonly writes: number;
}

/** A moment's figures of the whole proxy. */
export interface Figures {
  /** What was counted since the start, by all workers. */
  readonly sums: TallySums;
  /** What the cache holds; zeros where it is off. */
  readonly cache: CacheFigures;
  /** What was read through the cache, each object once. */
  readonly unique: UniqueFigures;
  /** When the proxy started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The version of the proxy. */
  readonly version: string;
}
