/**
 * The simulator's command.
 *
 * @module
 */
import { compare } from "./comparison.ts";
import {
  asksForHelp,
  type CommandLine,
  readCommandLine,
  UsageError,
} from "./flags/command_line.ts";
import type { Settings } from "./flags/flags.ts";
import { helpText } from "./flags/help.ts";
import { plannedWorkload } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { comparisonTable } from "./report/comparison_table.ts";
import { type RunReport, runText } from "./report/run_report.ts";
import { scenarioResult, scenarioTable } from "./report/scenario_table.ts";
import { SCENARIO_NAMES, type ScenarioName, SCENARIOS } from "./report/scenarios.ts";
import { virtualRun } from "./virtual_run.ts";

/** What the command is run in. */
export interface Surroundings {
  /** Takes the report. */
  readonly print: (text: string) => void;
  /** Takes progress and faults, line by line. */
  readonly tell: (line: string) => void;
  /** Whether `tell` ends at a terminal that a bar can be drawn on. */
  readonly terminal: boolean;
}

/**
 * Runs the command.
 *
 * @param args Arguments, without the program's name.
 * @param surroundings What it is run in.
 * @returns The exit status.
 */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  if (asksForHelp(args)) {
    surroundings.print(helpText().trimEnd());
    return 0;
  }
  try {
    await carryOut(args, surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const fault of error.faults) surroundings.tell(fault);
    return 2;
  }
}

async function carryOut(args: readonly string[], surroundings: Surroundings): Promise<void> {
  const commandLine = readCommandLine(args);
  const { settings } = commandLine;
  if (settings.scenario !== undefined) return await runScenarios(args, settings, surroundings);
  if (settings.policies !== undefined || settings["cache-max-size"].length > 1) {
    return await runComparison(commandLine, surroundings);
  }
  const start = performance.now();
  const report = await run(settings, surroundings);
  surroundings.print(settings.json ? JSON.stringify(report, undefined, 2) : runText(report));
  if (!settings.json) surroundings.print(speedText(report.requests, performance.now() - start));
}

async function runScenarios(
  args: readonly string[],
  { scenario, json }: Settings,
  surroundings: Surroundings,
): Promise<void> {
  const names = scenario === "all" ? SCENARIO_NAMES : [scenario as ScenarioName];
  const start = performance.now();
  let requests = 0;
  const results = [];
  for (const name of names) {
    const { settings } = readCommandLine(args, SCENARIOS[name].flags);
    const report = await run(settings, surroundings);
    requests += report.requests;
    results.push({ ...scenarioResult(name, report), report });
  }
  surroundings.print(json ? JSON.stringify(results, undefined, 2) : scenarioTable(results));
  if (!json) surroundings.print(speedText(requests, performance.now() - start));
}

async function runComparison(
  commandLine: CommandLine,
  surroundings: Surroundings,
): Promise<void> {
  const { settings } = commandLine;
  if (settings["no-cache"]) {
    throw new UsageError(["--no-cache: there is nothing to compare; allowed: without --policies"]);
  }
  const start = performance.now();
  const source = plannedWorkload(settings);
  const progress = progressOf(settings, source.length, surroundings);
  const comparison = await compare(commandLine, source, progress);
  if (settings.json) return surroundings.print(JSON.stringify(comparison, undefined, 2));
  surroundings.print(comparisonTable(comparison));
  const requests = comparison.runs.reduce((sum, run) => sum + run.requests, 0);
  surroundings.print(speedText(requests, performance.now() - start));
}

function run(settings: Settings, surroundings: Surroundings): Promise<RunReport> {
  const source = plannedWorkload(settings);
  return virtualRun(settings, source, progressOf(settings, source.length, surroundings));
}

function progressOf(
  settings: Settings,
  total: number | undefined,
  { terminal, tell }: Surroundings,
): Progress {
  return createProgress({ terminal, interval: settings["progress-interval"], total, write: tell });
}

function speedText(requests: number, milliseconds: number): string {
  const perSecond = Math.round(requests / milliseconds * 1_000);
  return `simulated in ${(milliseconds / 1_000).toFixed(2)} s, ${perSecond} requests a second`;
}
