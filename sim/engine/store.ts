/**
 * The seam between the simulation and what it simulates.
 *
 * @module
 */
import type { SimRequest } from "../workload/sim_request.ts";

/**
 * What is to be done with a read: it is there; the client is to fetch it, or it is there and too
 * old, and the client is to ask whether it is still good, and then calls `fill`; another client is
 * doing so; it is fetched and not kept.
 */
export type Reading = "hit" | "lead" | "stale" | "follow" | "bypass";

/** A moment's figures of a store. */
export interface StoreStats {
  /** Entries held. */
  readonly entries: number;
  /** Bytes held, all that they are charged with included. */
  readonly bytes: number;
  /** Entries that made room for others. */
  readonly evictions: number;
}

/** A cache as a simulation sees it: no bodies, and clients by number with one request each. */
export interface Store {
  /** Reads an object; a hit counts as a use. */
  read(request: SimRequest, client: number, now: number): Reading;
  /** Whether an object is there, as its head is asked for. Counts as a use. */
  head(request: SimRequest, now: number): boolean;
  /** What the client was to fetch is there, or still good. */
  fill(request: SimRequest, client: number, now: number): void;
  /** A client begins to write an object. */
  beginWrite(request: SimRequest, client: number): void;
  /** That write is at its end. */
  endWrite(request: SimRequest, client: number): void;
  /** A moment's figures. */
  stats(): StoreStats;
  /**
   * Recomputes every sum and link.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(): void;
}
