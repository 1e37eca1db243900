/**
 * What a worker tells of itself: it counts, it logs, it remembers.
 *
 * @module
 */
import { createLog, type Log, Tally, type TallyMemory } from "@s3-edge-cache/telemetry";
import { logAccess } from "./access_log.ts";
import { countRequests } from "./count.ts";
import { Journal } from "./journal.ts";
import { createQueues, type HandOver } from "./output.ts";
import type { RequestObserver } from "./record.ts";
import type { Config } from "./settings.ts";

/** What a worker's telemetry is made of. */
export interface WorkerTelemetryOptions {
  /** The settings. */
  readonly config: Config;
  /** The worker's number. */
  readonly number: number;
  /** What the workers count in. */
  readonly tallies: TallyMemory;
  /** How much of what they log waits to be written. */
  readonly output: SharedArrayBuffer;
}

/** A worker's telemetry. */
export interface WorkerTelemetry {
  /** Counts. */
  readonly tally: Tally;
  /** Takes events. */
  readonly log: Log;
  /** Remembers the latest requests and events. */
  readonly journal: Journal;
  /** Hears of each request at its end. */
  readonly observe: RequestObserver;
  /** Hands over the lines that wait. */
  flush(): void;
}

/**
 * Opens a worker's telemetry.
 *
 * @param options What it is made of.
 * @param handOver Takes the lines that the worker logs.
 */
export function openTelemetry(
  { config, number, tallies, output }: WorkerTelemetryOptions,
  handOver: HandOver,
): WorkerTelemetry {
  const tally = new Tally(tallies, number);
  const journal = new Journal();
  const queues = createQueues(output, handOver, (stream) => {
    if (stream === "access") onDrop();
  });
  const { LOG_LEVEL: level } = config;
  const write = (line: string) => queues.events.add(line);
  const log = journal.through(createLog({ level, write, now: Date.now }));
  const onDrop = countDrops(tally, log);
  const observers: RequestObserver[] = [countRequests(tally)];
  if (config.ADMIN_ADDR !== "off") observers.push(journal.observe);
  if (config.ACCESS_LOG === "json") {
    observers.push(logAccess((line) => queues.access.add(line), Date.now));
  }
  const flush = () => {
    queues.access.flush();
    queues.events.flush();
  };
  return { tally, log, journal, observe: inTurn(observers), flush };
}

function inTurn(observers: readonly RequestObserver[]): RequestObserver {
  return observers.reduce((first, second) => (request, response) => {
    first(request, response);
    second(request, response);
  });
}

/** How long dropped lines are counted before the log is told of them, in milliseconds. */
const TELL_MS = 10_000;

/** Counts dropped lines, and tells the log of them now and then. */
function countDrops(tally: Tally, log: Log): () => void {
  let dropped = 0;
  const tell = () => {
    const message = "lines of the access log were dropped: nobody reads them as fast";
    log("warn", message, { lines: dropped });
    dropped = 0;
  };
  return () => {
    tally.event("log_line_dropped");
    if (dropped === 0) Deno.unrefTimer(setTimeout(tell, TELL_MS));
    dropped++;
  };
}
