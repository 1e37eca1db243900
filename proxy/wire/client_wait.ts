/**
 * How long a client has been waited for, told in ticks: a clock that is read for nothing, because
 * one timer moves it on for all connections of an isolate.
 *
 * @module
 */

/** Ticks that a client may be silent for; it is cut by the next one. */
export const IDLE_TICKS = 8;

/** A clock that counts ticks. */
export interface Ticks {
  /** Ticks so far. */
  now: number;
}

/** Whether, and since when, a client is waited for. */
export class ClientWait {
  readonly #ticks: Ticks;
  #since: number | undefined;

  /** @param ticks The clock. */
  constructor(ticks: Ticks) {
    this.#ticks = ticks;
  }

  /** The client is waited for from now on. */
  begin(): void {
    this.#since = this.#ticks.now;
  }

  /** The client is waited for to the end of its connection, and not long. */
  beginLast(): void {
    this.#since = this.#ticks.now + 1 - IDLE_TICKS;
  }

  /** The client is not waited for any more. */
  end(): void {
    this.#since = undefined;
  }

  /** Whether the client has been waited for since a tick, or longer. */
  isSince(tick: number): boolean {
    return this.#since !== undefined && this.#since <= tick;
  }
}
