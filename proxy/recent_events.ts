/**
 * The latest warnings and errors, whatever the log lets through.
 *
 * @module
 */
import type { Log, LogFields, LogLevel } from "@s3-edge-cache/telemetry";

/** Events that are remembered. */
const MOST_EVENTS = 50;

/** An event as it is remembered. */
export interface PastEvent {
  /** When it was, in milliseconds since the epoch. */
  readonly time: number;
  /** How much it matters. */
  readonly level: LogLevel;
  /** What happened. */
  readonly message: string;
  /** What else is known. */
  readonly fields: LogFields;
}

/** Remembers warnings and errors. */
export class RecentEvents {
  readonly #events: PastEvent[] = [];

  /** The same log; its warnings and errors are remembered too. */
  through(log: Log): Log {
    return (level, message, fields = {}) => {
      if (level === "warn" || level === "error") {
        this.#events.push({ time: Date.now(), level, message, fields });
        if (this.#events.length > MOST_EVENTS) this.#events.shift();
      }
      log(level, message, fields);
    };
  }

  /** What is remembered, the last first. */
  latest(): PastEvent[] {
    return this.#events.toReversed();
  }
}

/** One list of the latest events, the last first, of the lists of several isolates. */
export function mergeEvents(lists: readonly (readonly PastEvent[])[]): PastEvent[] {
  return lists.flat().toSorted((one, other) => other.time - one.time).slice(0, MOST_EVENTS);
}
