/**
 * What an export by OTLP is told.
 *
 * @module
 */
import type { Figures } from "./figures.ts";

/** What is exported, and where to. */
export interface OtlpOptions {
  /** URL of the collector: `http` in clear, `https` over TLS. */
  readonly url: string;
  /** Fields that go along, such as one that authorizes. */
  readonly fields: ReadonlyMap<string, string>;
  /** How often, in milliseconds. */
  readonly intervalMs: number;
  /** The version of the service. */
  readonly version: string;
  /** What tells this process from others of the service. */
  readonly instance: string;
  /** A moment's figures. */
  readonly figures: () => Figures;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Hears of every attempt: the error, or `undefined` where it went well. */
  readonly onResult: (error: Error | undefined) => void;
}

/** An export that runs. */
export interface OtlpExport {
  /** Sends once more, and ends; settles in any case, at the latest when a send would time out. */
  stop(): Promise<void>;
}
