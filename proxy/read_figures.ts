/**
 * A moment's figures of the proxy.
 *
 * @module
 */
import type { CacheStats } from "@s3-edge-cache/cache";
import { type Figures, sumTallies, sumUnique, type TallyMemory } from "@s3-edge-cache/telemetry";
import type { Config } from "./settings.ts";
import { VERSION } from "./version.ts";

/**
 * Reads the figures.
 *
 * @param config The settings.
 * @param tallies What the workers count in.
 * @param held What the cache holds; `undefined` where it is off.
 * @param startedAt When the proxy started, in milliseconds since the epoch.
 */
export function readFigures(
  config: Config,
  tallies: TallyMemory,
  held: CacheStats | undefined,
  startedAt: number,
): Figures {
  return {
    sums: sumTallies(tallies),
    cache: {
      bytes: held?.bytes ?? 0,
      maxBytes: held === undefined ? 0 : config.CACHE_MAX_SIZE_BYTES,
      entries: held?.entries ?? 0,
      maxEntries: held === undefined ? 0 : config.CACHE_MAX_ENTRIES,
      evictions: held?.evictions ?? 0,
      leases: held?.leases ?? 0,
      fills: held?.fills ?? 0,
      writes: held?.writes ?? 0,
    },
    unique: sumUnique(tallies),
    startedAt,
    version: VERSION,
  };
}
