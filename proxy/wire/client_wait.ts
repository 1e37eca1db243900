/**
 * How long a client has been waited for, told in ticks: a clock that is read for nothing, because
 * one timer moves it on for all connections of an isolate.
 *
 * @module
 */

/** A clock that counts ticks. */
export interface Ticks {
  /** Ticks so far. */
  now: number;
}

/** Whether, and since when, a client is waited for. */
export class ClientWait {
  readonly #ticks: Ticks;
  #since = -1;

  /** @param ticks The clock. */
  constructor(ticks: Ticks) {
    this.#ticks = ticks;
  }

  /** The client is waited for from now on. */
  begin(): void {
    this.#since = this.#ticks.now;
  }

  /** The client is not waited for any more. */
  end(): void {
    this.#since = -1;
  }

  /** Whether the client has been waited for since a tick, or longer. */
  isSince(tick: number): boolean {
    return this.#since >= 0 && this.#since <= tick;
  }
}
