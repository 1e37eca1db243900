/**
 * What is measured: this proxy, nginx, peers.
 *
 * @module
 */
import type { Usage } from "./process_usage.ts";

/** What a target does with reads: answers from its cache, forwards, or forwards while it fills. */
export type Mode = "hit" | "forward" | "fill";

/** How a target is to run. */
export interface Setup {
  /** URL of the origin. */
  readonly origin: string;
  /** What it does with reads. */
  readonly mode: Mode;
  /** Threads or processes that answer requests. */
  readonly workers: number;
  /** Bytes that its cache may hold. */
  readonly cacheBytes: number;
}

/** Something that answers signed reads. */
export interface Target {
  /** As it stands in the table. */
  readonly name: string;
  /** Whether each run is a process of its own, which knows nothing of those before. */
  readonly fresh: boolean;
  /**
   * Starts it.
   *
   * @returns `undefined` if it can't be run in this way.
   * @throws {Error} if it does not come up.
   */
  start(setup: Setup): Promise<RunningTarget | undefined>;
}

/** A target that listens. It ends when it is disposed of. */
export interface RunningTarget extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
  /** What it has used so far; `undefined` where that is not known. */
  usage(): Promise<Usage | undefined>;
}
