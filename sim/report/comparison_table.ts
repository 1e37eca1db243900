/**
 * A comparison for people.
 *
 * @module
 */
import type { Comparison } from "../comparison.ts";
import { formatBytes } from "../flags/byte_size.ts";

/** A row for each size and policy. */
export function comparisonTable(comparison: Comparison): string {
  const { runs, requestsPerDay, dollarsPerDayUncached } = comparison;
  const header = row("cache", "policy", [
    "hit %",
    "byte hit %",
    "p50 ms",
    "p99 ms",
    "mean ms",
    "upstream",
    "bytes",
    "$ a day",
  ]);
  const rows = runs.map((run) =>
    row(formatBytes(run.maxBytes), run.policy, [
      (100 * run.hitRate).toFixed(2),
      (100 * run.byteHitRate).toFixed(2),
      run.latencyMs.p50.toFixed(2),
      run.latencyMs.p99.toFixed(2),
      run.latencyMs.mean.toFixed(2),
      String(run.upstreamRequests),
      formatBytes(run.upstreamBytes),
      run.dollarsPerDay.toFixed(2),
    ])
  );
  const last = `At ${Math.round(requestsPerDay)} requests a day, which cost ` +
    `${dollarsPerDayUncached.toFixed(2)} $ without a cache.`;
  return [header, ...rows, last].join("\n");
}

function row(size: string, policy: string, cells: readonly string[]): string {
  return size.padEnd(10) + policy.padEnd(11) + cells.map((cell) => cell.padStart(11)).join("");
}
