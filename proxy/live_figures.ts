/**
 * The figures as they come, for the page that shows them.
 *
 * @module
 */
import type { Figures } from "@s3-edge-cache/telemetry";
import { Feed } from "./feed.ts";
import { History, SAMPLE_MS } from "./history.ts";
import { mergeHottest } from "./hottest.ts";
import type { Recollection } from "./journal.ts";
import { mergeEvents, type PastEvent } from "./recent_events.ts";
import { statsDocument } from "./stats_document.ts";

/** Keys that are listed. */
const MOST_KEYS = 15;

/** Where the figures come from. */
export interface LiveFiguresOptions {
  /** A moment's figures. */
  readonly figures: () => Figures;
  /** What the workers remember. */
  readonly recollect: () => Promise<readonly Recollection[]>;
  /** The supervisor's own warnings and errors. */
  readonly events: () => readonly PastEvent[];
  /** What a GB and 1000 requests cost at the origin. */
  readonly prices: { readonly gigabyte: number; readonly thousandRequests: number };
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Takes samples all the time, and sends figures to whoever listens. */
export class LiveFigures {
  readonly #options: LiveFiguresOptions;
  readonly #feed: Feed = new Feed();
  readonly #history: History = new History();
  readonly #timer: ReturnType<typeof setInterval>;

  /** Begins to take samples. */
  constructor(options: LiveFiguresOptions) {
    this.#options = options;
    this.#history.take(options.figures(), options.now());
    this.#timer = setInterval(() => this.#tick(), SAMPLE_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Answers one who wants to listen: the samples so far, then figures with each new one. */
  async open(): Promise<Response> {
    const { prices } = this.#options;
    const data = { prices, samples: this.#history.samples, ...await this.#present() };
    return this.#feed.open({ name: "history", data });
  }

  /** Ends it, and everybody's listening. */
  stop(): void {
    clearInterval(this.#timer);
    this.#feed.close();
  }

  async #tick(): Promise<void> {
    const { figures, now } = this.#options;
    const sample = this.#history.take(figures(), now());
    if (this.#feed.isHeard) this.#feed.send("sample", { sample, ...await this.#present() });
  }

  async #present(): Promise<object> {
    const { figures, recollect, events } = this.#options;
    const told = await recollect();
    return {
      stats: statsDocument(figures()),
      hottest: mergeHottest(told.map(({ hottest }) => hottest), MOST_KEYS),
      events: mergeEvents([events(), ...told.map(({ events }) => events)]),
    };
  }
}
