/**
 * No cache.
 *
 * @module
 */
import type { Reading, Store, StoreStats } from "./store.ts";

/** A store that holds nothing: every request goes to the origin. */
export class NoStore implements Store {
  /** Never a hit. */
  read(): Reading {
    return "bypass";
  }

  /** Never a hit. */
  head(): boolean {
    return false;
  }

  /** Nothing is kept. */
  fill(): void {}

  /** Nothing is dropped. */
  beginWrite(): void {}

  /** Nothing is barred. */
  endWrite(): void {}

  /** Nothing is held. */
  stats(): StoreStats {
    return { entries: 0, bytes: 0, evictions: 0 };
  }

  /** Nothing to audit. */
  audit(): void {}
}
