/**
 * How long an event loop stands still.
 *
 * @module
 */

/** How often the loop is to come round, in milliseconds. */
const ROUND_MS = 5;

/** The longest pauses, in milliseconds. */
export interface Pauses {
  /** Of all time but that for which other programs had the processors. */
  readonly standing: number;
  /** Of the thread's own work: what a long turn takes, on however busy a machine. */
  readonly working: number;
}

/** Looks at this thread's event loop. It never ends: it is there for processes that are measured. */
export class PauseProbe {
  #standing = 0;
  #working = 0;
  #time: number = performance.now();
  #schedule: Schedule = schedule();

  /** Begins to look. */
  constructor() {
    setInterval(() => this.#round(), ROUND_MS);
  }

  /** The longest pauses since this was last called. */
  take(): Pauses {
    const pauses = { standing: this.#standing, working: this.#working };
    this.#standing = 0;
    this.#working = 0;
    return pauses;
  }

  #round(): void {
    const [time, now] = [performance.now(), schedule()];
    const late = time - this.#time - ROUND_MS - (now.waited - this.#schedule.waited);
    this.#standing = Math.max(this.#standing, late);
    this.#working = Math.max(this.#working, now.worked - this.#schedule.worked);
    this.#time = time;
    this.#schedule = now;
  }
}

/** A thread's times since its start, in milliseconds; 0 where the kernel does not say. */
interface Schedule {
  /** With a processor. */
  readonly worked: number;
  /** Ready to run, but without one. */
  readonly waited: number;
}

function schedule(): Schedule {
  try {
    const [worked, waited] = Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ");
    return { worked: Number(worked) / 1e6, waited: Number(waited) / 1e6 };
  } catch {
    return { worked: 0, waited: 0 };
  }
}
