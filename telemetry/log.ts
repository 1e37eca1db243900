/**
 * The log of events: one JSON object a line.
 *
 * @module
 */

/** How much an event matters, least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much an event matters. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What an event says beside its message. Never a secret, a signature or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Takes events. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Where a log writes, and what. */
export interface LogOptions {
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Takes a line, without its line break. */
  readonly write: (line: string) => void;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes a log.
 *
 * @example
 * ```ts
 * import { createLog } from "@s3-edge-cache/telemetry";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const log = createLog({ level: "info", write: (line) => lines.push(line), now: () => 0 });
 * log("debug", "unseen");
 * log("warn", "origin unreachable", { host: "s3.example" });
 * assert.deepEqual(lines, [
 *   '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"origin unreachable","host":"s3.example"}',
 * ]);
 * ```
 */
export function createLog(options: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(options.level);
  return (level, message, fields) => {
    if (LOG_LEVELS.indexOf(level) < least) return;
    const time = new Date(options.now()).toISOString();
    options.write(JSON.stringify({ time, level, message, ...fields }));
  };
}
