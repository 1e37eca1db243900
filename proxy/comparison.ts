/**
 * Telling the operator what came of comparing entries with the origin.
 *
 * @module
 */
import type { Log, Tally } from "@s3-edge-cache/telemetry";
import { displayKey } from "./display_key.ts";
import type { RoutedRequest } from "./request.ts";

/** An entry that was compared with the origin. */
export interface Comparison {
  /** The read that brought it about. */
  readonly request: RoutedRequest;
  /** What differed: `status`, `body`, names of fields; empty if the two are equal. */
  readonly differences: readonly string[];
}

/** Hears of comparisons. */
export type ComparisonObserver = (comparison: Comparison) => void;

/**
 * Counts comparisons, and warns of each entry that differed.
 *
 * @param tally Counts.
 * @param log Is warned.
 */
export function tellComparisons(tally: Tally, log: Log): ComparisonObserver {
  return ({ request, differences }) => {
    tally.event("verified");
    if (differences.length === 0) return;
    tally.event("mismatch");
    const { route, raw } = request;
    log("warn", "an entry differs from the origin and is dropped", {
      bucket: route.bucket,
      key: displayKey(route.key),
      range: raw.headers.get("range"),
      version_id: route.versionId,
      differs: differences.join(", "),
      request: raw.id,
    });
  };
}
