/**
 * The pins of one worker, counted.
 *
 * @module
 */
import * as memoryCounts from "./memory_counts.ts";
import type { Pins } from "./pins.ts";

const { LEASES } = memoryCounts;

/** The pins that a worker holds in one memory. */
export class PinHolder {
  /** Number of the worker. */
  readonly worker: number;
  readonly #pins: Pins;
  readonly #ownWords: Int32Array<SharedArrayBuffer>;

  /**
   * Attaches to a memory.
   *
   * @param worker Number of the worker.
   * @param pins Pins of the memory.
   * @param ownWords The worker's own words in it.
   */
  constructor(worker: number, pins: Pins, ownWords: Int32Array<SharedArrayBuffer>) {
    this.worker = worker;
    this.#pins = pins;
    this.#ownWords = ownWords;
  }

  /** Pins a slot that cannot die meanwhile. */
  add(slot: number): void {
    this.#pins.add(this.worker, slot);
    this.#ownWords[LEASES]! += 1;
  }

  /** Pins a slot if it is still of this generation. */
  tryAdd(slot: number, generation: number): boolean {
    if (!this.#pins.tryAdd(this.worker, slot, generation)) return false;
    this.#ownWords[LEASES]! += 1;
    return true;
  }

  /** Takes a pin back. */
  release(slot: number, generation: number): void {
    this.#pins.release(this.worker, slot, generation);
    this.#ownWords[LEASES]! -= 1;
  }
}
