/**
 * How the workers of a proxy are watched, and made to die.
 *
 * @module
 */

import type { Pauses } from "./pause_probe.ts";

/**
 * The ways in which an isolate can end: an uncaught error, a rejection that nobody hears, closing
 * itself, `process.exit`, no more memory.
 */
export const DEATHS = ["throw", "reject", "close", "exit", "memory"] as const;

/** One of {@linkcode DEATHS}. */
export type Death = typeof DEATHS[number];

/** A request worker that hears a {@linkcode WorkerWatch}. */
export const WATCHED_WORKER: URL = new URL("./watched_worker.ts", import.meta.url);

/** What watched workers are told. */
export type WatchOrder =
  /** Die. */
  | { readonly kind: "die"; readonly number: number; readonly death: Death }
  /** Tell the longest pauses, and forget them. */
  | { readonly kind: "pause"; readonly number: number };

/** What watched workers tell. */
export type WatchReport =
  /** There is a worker of this number. */
  | { readonly kind: "born"; readonly number: number }
  /** The longest pauses of one. */
  | { readonly kind: "paused"; readonly number: number; readonly pauses: Pauses };

/** The channel on which workers and their watch talk. */
export const WATCH_CHANNEL = "s3-edge-cache watch";

/** Watches the workers of this process, each started as {@linkcode WATCHED_WORKER}. */
export class WorkerWatch implements Disposable {
  readonly #channel: BroadcastChannel = new BroadcastChannel(WATCH_CHANNEL);

  /** Has a worker die; resolves when another one has its number. */
  async kill(number: number, death: Death): Promise<void> {
    await this.#ask({ kind: "die", number, death }, "born");
  }

  /** The longest pauses of a worker since it was last asked. */
  async pauses(number: number): Promise<Pauses> {
    const report = await this.#ask({ kind: "pause", number }, "paused");
    return report.kind === "paused" ? report.pauses : { standing: NaN, working: NaN };
  }

  /** Watches no more. */
  [Symbol.dispose](): void {
    this.#channel.close();
  }

  /** Sends an order, and waits for a report of the same worker. */
  #ask(order: WatchOrder, kind: WatchReport["kind"]): Promise<WatchReport> {
    return new Promise((resolve) => {
      this.#channel.onmessage = ({ data }: MessageEvent<WatchReport>) => {
        if (data.kind === kind && data.number === order.number) resolve(data);
      };
      this.#channel.postMessage(order);
    });
  }
}
