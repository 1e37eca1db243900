/**
 * Least recently used.
 *
 * @module
 */
import { Fifo } from "./fifo.ts";

/** Lets go of what was not used for the longest time: first in, first out, where a use is an entrance. */
export class Lru extends Fifo {
  /** Makes a slot the newest. */
  override access(slot: number): void {
    this.list.renew(slot);
  }
}
