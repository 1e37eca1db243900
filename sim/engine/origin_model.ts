/**
 * How long the origin takes.
 *
 * @module
 */
import type { Random } from "../workload/random.ts";

/** What the origin's time is made of. */
export interface OriginTiming {
  /** Milliseconds to the first byte. */
  readonly latencyMs: number;
  /** Bytes a second from then on; 0 for all at once. */
  readonly bytesPerSecond: number;
  /** Grain of the timers, in milliseconds. */
  readonly grainMs: number;
}

/**
 * Time of an answer: latency, then the body at the origin's throughput, then up to one grain until
 * the timer that stands for both is looked at, then up to one more until its client's turn comes:
 * two parts of a grain, each uniform. The program whose figures stand in the table of scenarios
 * sleeps by a timer of 1 ms and has its figures with that; without grain the model is exact.
 */
export class OriginModel {
  readonly #options: OriginTiming;
  readonly #random: Random;

  /** A model whose grain is seeded. */
  constructor(options: OriginTiming, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Milliseconds that an answer of `bytes` bytes takes. */
  wait(bytes: number): number {
    const { latencyMs, bytesPerSecond, grainMs } = this.#options;
    const transfer = bytesPerSecond === 0 ? 0 : bytes * 1_000 / bytesPerSecond;
    const grains = grainMs === 0 ? 0 : this.#random.next() + this.#random.next();
    return latencyMs + transfer + grains * grainMs;
  }
}
