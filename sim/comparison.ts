/**
 * Policies and sizes side by side, over the same requests.
 *
 * @module
 */
import type { Percentile } from "./engine/histogram.ts";
import type { Simulation } from "./engine/simulation.ts";
import { UniqueCount } from "./engine/unique_count.ts";
import { WeighedStore } from "./engine/weighed_store.ts";
import type { CommandLine } from "./flags/command_line.ts";
import { comparedSizes, plannedLimits, plannedSimulation } from "./plan.ts";
import { makePolicy, type PolicyName } from "./policies/policies.ts";
import { pricePerDay, TimeSpan } from "./price.ts";
import type { Progress } from "./progress.ts";
import { type RunFigures, runFigures, type RunReport } from "./report/run_report.ts";
import { foresee } from "./workload/foreseen.ts";
import type { RequestSource } from "./workload/sim_request.ts";

/** One policy with one size of cache. */
export interface ComparedRun extends RunFigures {
  /** The policy. */
  readonly policy: PolicyName;
  /** Bytes that the cache could hold. */
  readonly maxBytes: number;
  /** Price of what goes to the origin, in dollars a day. */
  readonly dollarsPerDay: number;
}

/** What a comparison gives. */
export interface Comparison extends Pick<RunReport, "uniqueKeys" | "uniqueBytes" | "settings"> {
  /** The runs, by size and then by policy. */
  readonly runs: readonly ComparedRun[];
  /** Distribution of latency of each run, beside `runs`. */
  readonly latencies: readonly (readonly Percentile[])[];
  /** Requests a day that the prices are for. */
  readonly requestsPerDay: number;
  /** What the requests would cost a day without a cache, in dollars. */
  readonly dollarsPerDayUncached: number;
}

/** A run under way. */
interface ComparedSimulation {
  readonly policy: PolicyName;
  readonly maxBytes: number;
  readonly simulation: Simulation;
}

/** Points of a distribution. */
const POINTS = 400;

/**
 * Runs every policy with every size, all in one pass over the requests, and audits each cache.
 *
 * @param commandLine What is compared, and under which bounds.
 * @param source The requests.
 * @param progress Is told how far it is, and the hit rate of the first run.
 */
export async function compare(
  commandLine: CommandLine,
  source: RequestSource,
  progress: Progress,
): Promise<Comparison> {
  const { settings } = commandLine;
  const policies = settings.policies ?? ["s3-fifo"];
  const pairs = comparedSizes(settings).flatMap((maxBytes) =>
    policies.map((policy) => ({ policy, maxBytes }))
  );
  const runs = pairs.map((pair) => ({ ...pair, simulation: simulationOf(commandLine, pair) }));
  const [{ simulation: first }, ...others] = runs as [ComparedSimulation, ...ComparedSimulation[]];
  const unique = new UniqueCount();
  const requests = policies.includes("belady") ? await foresee(source) : source;
  const span = new TimeSpan();
  let made = 0;
  for await (const batch of requests.batches()) {
    for (const request of batch) if (!first.request(request)) unique.add(request);
    for (const { simulation } of others) {
      for (const request of batch) simulation.request(request);
    }
    made += batch.length;
    span.include(batch);
    progress.at(made, first.tally.hitRate);
  }
  for (const { simulation } of runs) simulation.end();
  const requestsPerDay = settings["requests-per-day"] ?? span.requestsPerDay;
  const price = pricePerDay(settings, requestsPerDay);
  return {
    settings,
    uniqueKeys: unique.keys(),
    uniqueBytes: unique.bytes(),
    runs: runs.map(({ policy, maxBytes, simulation: { tally, store } }) => {
      const figures = runFigures(tally, store.stats());
      return { policy, maxBytes, ...figures, dollarsPerDay: price(figures) };
    }),
    latencies: runs.map(({ simulation }) => simulation.tally.latency.percentiles(POINTS)),
    requestsPerDay,
    dollarsPerDayUncached: price({
      requests: first.tally.requests,
      upstreamRequests: first.tally.requests,
      upstreamBytes: first.tally.readBytes,
    }),
  };
}

function simulationOf(
  commandLine: CommandLine,
  { policy, maxBytes }: { readonly policy: PolicyName; readonly maxBytes: number },
): Simulation {
  const { settings } = commandLine;
  const limits = plannedLimits(commandLine, maxBytes);
  const overheadBytes = settings["entry-overhead-bytes"];
  const store = new WeighedStore(makePolicy(policy, limits), { ...limits, overheadBytes });
  return plannedSimulation(settings, store);
}
