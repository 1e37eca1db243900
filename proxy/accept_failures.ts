/**
 * Connections that the system refuses to give.
 *
 * @module
 */
import type { Log } from "@s3-edge-cache/telemetry";

/** How long nothing is accepted after a refusal, in milliseconds. */
const PAUSE_MS = 100;

/** How often the operator is told of that at most, in milliseconds. */
const TOLD_MS = 10_000;

/** Tells of refusals, and waits for better times. */
export class AcceptFailures {
  readonly #log: Log;
  #toldAt = -TOLD_MS;

  /** @param log Takes events. */
  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Tells of a refusal, unless that was done of late.
   *
   * @returns Settles when it may be tried again.
   */
  pause(error: unknown): Promise<void> {
    const now = performance.now();
    if (now - this.#toldAt >= TOLD_MS) {
      this.#toldAt = now;
      this.#log("warn", "can't accept connections", { error: `${error}` });
    }
    return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
