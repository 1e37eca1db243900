/**
 * How long an event loop stands still.
 *
 * @module
 */

/** How often the loop is to come round, in milliseconds. */
const ROUND_MS = 5;

/** Looks at this thread's event loop. It never ends: it is there for processes that are measured. */
export class PauseProbe {
  #longest = 0;
  #last: number = performance.now();
  #waited: number = waitedMilliseconds();

  /** Begins to look. */
  constructor() {
    setInterval(() => this.#round(), ROUND_MS);
  }

  /** The longest pause since this was last called, in milliseconds. */
  takeLongest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  /** A pause is what a round took longer than it should, less the time without a processor. */
  #round(): void {
    const now = performance.now();
    const waited = waitedMilliseconds();
    const pause = now - this.#last - ROUND_MS - (waited - this.#waited);
    this.#longest = Math.max(this.#longest, pause);
    this.#last = now;
    this.#waited = waited;
  }
}

/**
 * How long this thread was ready to run, and other programs had the processors, in milliseconds
 * since its start; 0 where the kernel does not say.
 */
function waitedMilliseconds(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}
