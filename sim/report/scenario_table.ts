/**
 * Scenarios side by side.
 *
 * @module
 */
import type { RunReport } from "./run_report.ts";
import { type ScenarioFigures, type ScenarioName, SCENARIOS } from "./scenarios.ts";

/** A scenario's figures now and before. */
export interface ScenarioResult {
  /** Which scenario. */
  readonly scenario: ScenarioName;
  /** What the simulation gave. */
  readonly now: ScenarioFigures;
  /** What the Rust program gave. */
  readonly before: ScenarioFigures;
}

/** Puts the report of a scenario beside what there was before. */
export function scenarioResult(scenario: ScenarioName, report: RunReport): ScenarioResult {
  const { latencyMs: { p50, p99, mean }, hitRate, seconds } = report;
  const now = { hitPercent: 100 * hitRate, p50, p99, mean, seconds };
  return { scenario, now, before: SCENARIOS[scenario].before };
}

/** A table for people: each figure, and in brackets what the Rust program gave. */
export function scenarioTable(results: readonly ScenarioResult[]): string {
  const header = row("scenario", "hit %", "p50 ms", "p99 ms", "mean ms", "seconds");
  const rows = results.map(({ scenario, now, before }) =>
    row(
      scenario,
      pair(now.hitPercent, before.hitPercent, 1),
      pair(now.p50, before.p50, 2),
      pair(now.p99, before.p99, 2),
      pair(now.mean, before.mean, 2),
      pair(now.seconds, before.seconds, 1),
    )
  );
  return [header, ...rows, "In brackets: the Rust program that this one follows."].join("\n");
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(16) + cells.map((cell) => cell.padStart(16)).join("");
}

function pair(now: number, before: number, digits: number): string {
  return `${now.toFixed(digits)} (${before.toFixed(digits)})`;
}
