/**
 * How workers are made to die.
 *
 * @module
 */

/**
 * The ways in which an isolate can end: an uncaught error, a rejection that nobody hears, closing
 * itself, `process.exit`, no more memory, a loop without end.
 */
export const DEATHS = ["throw", "reject", "close", "exit", "memory", "hang"] as const;

/** One of {@linkcode DEATHS}. */
export type Death = typeof DEATHS[number];

/** A request worker that hears a {@linkcode Reaper}. */
export const MORTAL_WORKER: URL = new URL("./mortal_worker.ts", import.meta.url);

/** What mortal workers are told. */
export interface DeathOrder {
  /** Number of the worker. */
  readonly number: number;
  /** How it is to die. */
  readonly death: Death;
}

/** What mortal workers tell. */
export interface Birth {
  /** Number of a worker that hears orders. */
  readonly born: number;
}

/** The channel on which mortal workers listen and tell. */
export const DEATH_CHANNEL = "s3-edge-cache deaths";

/** Has mortal workers of this process die. */
export class Reaper implements Disposable {
  readonly #channel: BroadcastChannel = new BroadcastChannel(DEATH_CHANNEL);

  /** Has a worker die; resolves when another one has its number. */
  kill(number: number, death: Death): Promise<void> {
    return new Promise((resolve) => {
      this.#channel.onmessage = ({ data }: MessageEvent<Birth>) => {
        if (data.born === number) resolve();
      };
      const order: DeathOrder = { number, death };
      this.#channel.postMessage(order);
    });
  }

  /** Lets the rest live. */
  [Symbol.dispose](): void {
    this.#channel.close();
  }
}
