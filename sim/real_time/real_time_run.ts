/**
 * One run in real time.
 *
 * @module
 */
import { type CacheLimits, openCache } from "@s3-edge-cache/cache";
import { type EntryRecord, entryRecordCodec } from "@s3-edge-cache/proxy";
import { UniqueCount } from "../engine/unique_count.ts";
import type { CommandLine } from "../flags/command_line.ts";
import { plannedCache, plannedTiming } from "../plan.ts";
import type { Progress } from "../progress.ts";
import { runFigures, type RunReport, runReport } from "../report/run_report.ts";
import type { RequestSource, SimRequest } from "../workload/sim_request.ts";
import { Clients } from "./clients.ts";
import { TimedOrigin } from "./timed_origin.ts";

/**
 * Sends signed requests through the proxy's own pipeline, with an origin in this process that takes
 * its time, and audits the cache. A request's own time is passed over: each comes as soon as a
 * client is free. Latency is that of the pipeline alone: from the signed request to the last byte
 * of its answer.
 */
export async function realTimeRun(
  commandLine: CommandLine,
  source: RequestSource,
  progress: Progress,
): Promise<RunReport> {
  const { settings } = commandLine;
  const open = (limits: CacheLimits) =>
    openCache<EntryRecord>({ ...limits, codec: entryRecordCodec });
  const cache = settings["no-cache"] ? undefined : plannedCache(commandLine, open);
  const origin = new TimedOrigin(plannedTiming(settings));
  const clients = new Clients(cache, origin);
  const { tally } = clients;
  const requests = oneByOne(source);
  const unique = new UniqueCount();
  const begin = performance.now();
  await Promise.all(Array.from({ length: settings.concurrency }, async () => {
    for await (const request of requests) {
      unique.add(request);
      await clients.send(request);
      progress.at(tally.requests, tally.hitRate);
    }
  }));
  tally.durationMs = performance.now() - begin;
  tally.upstreamRequests = origin.requests;
  tally.upstreamBytes = origin.bytes;
  cache?.audit();
  const held = cache?.stats() ?? { entries: 0, bytes: 0, evictions: 0 };
  return runReport(runFigures(tally, held), unique, settings);
}

/** Gives requests out to whoever asks next. */
async function* oneByOne(source: RequestSource): AsyncGenerator<SimRequest> {
  for await (const batch of source.batches()) yield* batch;
}
