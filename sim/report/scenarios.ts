/**
 * Named scenarios, and what the Rust program that this proxy follows gave for each.
 *
 * @module
 */

/** A scenario. */
export interface Scenario {
  /** Its flags, by name; the others have their defaults. */
  readonly flags: Readonly<Record<string, string>>;
  /** What the Rust program gave. */
  readonly before: ScenarioFigures;
}

/** The figures that scenarios are compared by. */
export interface ScenarioFigures {
  /** Share of the reads that were hits, in percent. */
  readonly hitPercent: number;
  /** Median latency in milliseconds. */
  readonly p50: number;
  /** The latency that 99 % are not above, in milliseconds. */
  readonly p99: number;
  /** Mean latency in milliseconds. */
  readonly mean: number;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** Every name, in the order of the table. */
export const SCENARIO_NAMES = [
  "no-cache",
  "default",
  "zipf-1.5",
  "scan",
  "one-hit-wonders",
  "small-cache",
  "large-objects",
  "uniform",
  "slow-origin",
] as const;

/** The name of a scenario. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** The scenarios by name. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  "no-cache": { flags: { "no-cache": "true" }, before: figures(0, 6.45, 7.54, 6.39, 40) },
  default: { flags: {}, before: figures(54.2, 0, 7.35, 2.94, 18.9) },
  "zipf-1.5": { flags: { "zipf-exponent": "1.5" }, before: figures(94, 0, 6.69, 0.38, 2.6) },
  scan: { flags: { pattern: "scan" }, before: figures(0.1, 6.45, 7.54, 6.41, 40.1) },
  "one-hit-wonders": {
    flags: { "one-hit-wonder-ratio": "0.3" },
    before: figures(36.1, 6.4, 6.93, 4.1, 26.1),
  },
  "small-cache": {
    flags: { "cache-max-entries": "100", "cache-max-size": "1000000" },
    before: figures(27.4, 6.44, 7.52, 4.66, 29.7),
  },
  "large-objects": {
    flags: { "min-object-size": "50000", "max-object-size": "200000" },
    before: figures(30, 6.74, 8.73, 5.13, 32.7),
  },
  uniform: { flags: { pattern: "uniform" }, before: figures(3, 6.54, 7.51, 6.24, 39.2) },
  "slow-origin": {
    flags: {
      "latency-ms": "50",
      "throughput-bytes-per-sec": "10000000",
      "num-requests": "10000",
    },
    before: figures(55.3, 0, 57.69, 24.37, 17.4),
  },
};

function figures(
  hitPercent: number,
  p50: number,
  p99: number,
  mean: number,
  seconds: number,
): ScenarioFigures {
  return { hitPercent, p50, p99, mean, seconds };
}
