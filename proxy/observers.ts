/**
 * Who hears of each request of a worker, as the settings say.
 *
 * @module
 */
import type { LineQueue, Log, Tally } from "@s3-edge-cache/telemetry";
import { logAccess } from "./access_log.ts";
import { countRequests } from "./count.ts";
import type { RequestObserver } from "./record.ts";
import type { Config } from "./settings.ts";

/**
 * One observer for all that a worker does with its requests.
 *
 * @param config The settings.
 * @param tally Counts.
 * @param lines Takes the access log.
 */
export function createObserver(config: Config, tally: Tally, lines: LineQueue): RequestObserver {
  const observers: RequestObserver[] = [countRequests(tally)];
  if (config.ACCESS_LOG === "json") {
    observers.push(logAccess((line) => lines.add(line), Date.now));
  }
  return observers.reduce((first, second) => (request, response) => {
    first(request, response);
    second(request, response);
  });
}

/** How long dropped lines are counted before the log is told of them, in milliseconds. */
const TELL_MS = 10_000;

/**
 * Counts dropped lines, and tells the log of them now and then.
 *
 * @param tally Counts them.
 * @param log Is told.
 */
export function countDrops(tally: Tally, log: Log): () => void {
  let dropped = 0;
  const tell = () => {
    log("warn", "lines of the access log were dropped: nobody reads them as fast", {
      lines: dropped,
    });
    dropped = 0;
  };
  return () => {
    tally.event("log_line_dropped");
    if (dropped === 0) Deno.unrefTimer(setTimeout(tell, TELL_MS));
    dropped++;
  };
}
