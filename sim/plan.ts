/**
 * From settings to the parts of a run.
 *
 * @module
 */
import type { CacheLimits } from "@s3-edge-cache/cache";
import { NoStore } from "./engine/no_store.ts";
import { OriginModel, type OriginTiming } from "./engine/origin_model.ts";
import { ProductStore } from "./engine/product_store.ts";
import { Simulation } from "./engine/simulation.ts";
import type { Store } from "./engine/store.ts";
import { formatBytes } from "./flags/byte_size.ts";
import { type CommandLine, UsageError } from "./flags/command_line.ts";
import type { Settings } from "./flags/flags.ts";
import { openTrace } from "./trace/trace.ts";
import { Random } from "./workload/random.ts";
import type { RequestSource } from "./workload/sim_request.ts";
import { workload } from "./workload/workload.ts";

/**
 * The requests that the command line describes: those of a trace, else of a workload.
 *
 * @throws {UsageError} if the trace can't be read.
 */
export async function plannedRequests({ settings, given }: CommandLine): Promise<RequestSource> {
  if (settings.trace === undefined) return plannedWorkload(settings);
  const most = given.has("num-requests") ? settings["num-requests"] : Infinity;
  return await openTrace(settings.trace, settings["trace-format"], most);
}

/** The workload that settings describe. */
export function plannedWorkload(settings: Settings): RequestSource {
  return workload({
    objects: settings["num-objects"],
    minBytes: settings["min-object-size"],
    maxBytes: settings["max-object-size"],
    pattern: settings.pattern,
    zipfExponent: settings["zipf-exponent"],
    oneHitWonders: settings["one-hit-wonder-ratio"],
    requests: settings["num-requests"],
    seed: settings.seed,
  });
}

/** Slots of a cache without a bound on its entries, at most. */
const MOST_ENTRIES = 2 ** 24;

/**
 * The bounds of the cache; no object is larger than all of it. A comparison or a trace has no bound
 * on the entries unless it is given: none but what the smallest ones leave room for.
 */
export function plannedLimits({ settings, given }: CommandLine, maxBytes: number): CacheLimits {
  const bound = given.has("cache-max-entries") ||
    (settings.trace === undefined && !isComparison(settings));
  const most = Math.ceil(maxBytes / (settings["entry-overhead-bytes"] + 1));
  return {
    maxBytes,
    maxEntries: bound ? settings["cache-max-entries"] : Math.min(MOST_ENTRIES, most),
    maxObjectBytes: Math.min(settings["max-cacheable-size"], maxBytes),
    ttlMs: Math.ceil(settings["cache-ttl-secs"] * 1_000),
    shards: settings["cache-shards"],
  };
}

/** What the origin's time is made of. */
export function plannedTiming(settings: Settings): OriginTiming {
  return {
    latencyMs: settings["latency-ms"],
    bytesPerSecond: settings["throughput-bytes-per-sec"],
    grainMs: settings["timer-grain-ms"],
  };
}

/** A simulation over a store. */
export function plannedSimulation(settings: Settings, store: Store): Simulation {
  const origin = new OriginModel(plannedTiming(settings), new Random(settings.seed, "origin"));
  return new Simulation(store, origin, settings.concurrency);
}

/**
 * The cache that one run is about.
 *
 * @throws {UsageError} if it can't be made.
 */
export function plannedStore(commandLine: CommandLine): Store {
  if (commandLine.settings["no-cache"]) return new NoStore();
  return plannedCache(commandLine, (limits) => new ProductStore(limits));
}

/**
 * Makes a cache within the bounds of one run.
 *
 * @param make Makes it; throws a RangeError where there is no room for it.
 * @throws {UsageError} if it can't be made.
 */
export function plannedCache<C>(commandLine: CommandLine, make: (limits: CacheLimits) => C): C {
  const limits = plannedLimits(commandLine, commandLine.settings["cache-max-size"][0]!);
  try {
    return make(limits);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError([
      `--cache-max-size: ${formatBytes(limits.maxBytes)} for ${limits.maxEntries} entries: ` +
      `${error.message}; --policies s3-fifo simulates it without its memory`,
    ]);
  }
}

/** Whether several caches are asked for. */
export function isComparison({ policies, report, "cache-max-size": sizes }: Settings): boolean {
  return policies !== undefined || report !== undefined || sizes.length > 1;
}

/** Sizes around one, for curves: from an eighth of it to eight times as much. */
const AROUND = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

/** The sizes that are compared. */
export function comparedSizes({ report, "cache-max-size": sizes }: Settings): readonly number[] {
  if (report === undefined || sizes.length > 1) return sizes;
  return AROUND.map((factor) => Math.max(1, Math.round(sizes[0]! * factor)));
}
