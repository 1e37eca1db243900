/**
 * From settings to the parts of a run.
 *
 * @module
 */
import type { CacheLimits } from "@s3-edge-cache/cache";
import { NoStore } from "./engine/no_store.ts";
import { OriginModel } from "./engine/origin_model.ts";
import { ProductStore } from "./engine/product_store.ts";
import { Simulation } from "./engine/simulation.ts";
import type { Store } from "./engine/store.ts";
import type { Settings } from "./flags/flags.ts";
import { Random } from "./workload/random.ts";
import type { RequestSource } from "./workload/sim_request.ts";
import { workload } from "./workload/workload.ts";

/** The requests that settings describe. */
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

/** The bounds of the proxy's cache; no object is larger than all of it. */
export function plannedLimits(settings: Settings, maxBytes: number): CacheLimits {
  return {
    maxBytes,
    maxEntries: settings["cache-max-entries"],
    maxObjectBytes: Math.min(settings["max-cacheable-size"], maxBytes),
    ttlMs: Math.ceil(settings["cache-ttl-secs"] * 1_000),
    shards: settings["cache-shards"],
  };
}

/** A simulation over a store. */
export function plannedSimulation(settings: Settings, store: Store): Simulation {
  const origin = new OriginModel(
    {
      latencyMs: settings["latency-ms"],
      bytesPerSecond: settings["throughput-bytes-per-sec"],
      grainMs: settings["timer-grain-ms"],
    },
    new Random(settings.seed, "origin"),
  );
  return new Simulation(store, origin, settings.concurrency);
}

/** The cache that one run is about. */
export function plannedStore(settings: Settings): Store {
  if (settings["no-cache"]) return new NoStore();
  return new ProductStore(plannedLimits(settings, settings["cache-max-size"][0]!));
}
