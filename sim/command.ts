/**
 * The simulator's command.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { compare, type Comparison } from "./comparison.ts";
import {
  asksForHelp,
  type CommandLine,
  readCommandLine,
  UsageError,
} from "./flags/command_line.ts";
import { holdTogether } from "./flags/hold_together.ts";
import { helpText } from "./flags/help.ts";
import { isComparison, plannedRequests } from "./plan.ts";
import { createProgress, type Progress } from "./progress.ts";
import { comparisonTable } from "./report/comparison_table.ts";
import { type RunReport, runText } from "./report/run_report.ts";
import { type ScenarioResult, scenarioResult, scenarioTable } from "./report/scenario_table.ts";
import { SCENARIO_NAMES, type ScenarioName, SCENARIOS } from "./report/scenarios.ts";
import { type Exported, exportTrace } from "./trace/export_trace.ts";
import { plainReason } from "./trace/trace_error.ts";
import { virtualRun } from "./virtual_run.ts";
import type { RequestSource } from "./workload/sim_request.ts";

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

/** What was asked for, done. */
interface Done {
  /** What `--json` prints. */
  readonly report: unknown;
  /** The same for people. */
  readonly text: string;
  /** Requests that were simulated, in all runs together. */
  readonly requests: number;
}

async function carryOut(args: readonly string[], surroundings: Surroundings): Promise<void> {
  const commandLine = readCommandLine(args);
  const { settings } = commandLine;
  holdTogether(commandLine);
  if (settings.export !== undefined) return await writeTrace(commandLine, surroundings);
  const start = performance.now();
  const { report, text, requests } = settings.scenario !== undefined
    ? await runScenarios(args, settings.scenario, surroundings)
    : isComparison(settings)
    ? await runComparison(commandLine, surroundings)
    : await runOnce(commandLine, surroundings);
  if (settings.json) return surroundings.print(JSON.stringify(report, undefined, 2));
  const milliseconds = performance.now() - start;
  surroundings.print(text);
  surroundings.print(
    `simulated in ${(milliseconds / 1_000).toFixed(2)} s, ` +
      `${Math.round(requests / milliseconds * 1_000)} requests a second`,
  );
}

async function runOnce(commandLine: CommandLine, surroundings: Surroundings): Promise<Done> {
  const report = await run(commandLine, surroundings);
  return { report, text: runText(report), requests: report.requests };
}

async function runScenarios(
  args: readonly string[],
  scenario: string,
  surroundings: Surroundings,
): Promise<Done> {
  const names = scenario === "all" ? SCENARIO_NAMES : [scenario as ScenarioName];
  const results: (ScenarioResult & { readonly report: RunReport })[] = [];
  for (const name of names) {
    const report = await run(readCommandLine(args, SCENARIOS[name].flags), surroundings);
    results.push({ ...scenarioResult(name, report), report });
  }
  const requests = results.reduce((sum, { report }) => sum + report.requests, 0);
  return { report: results, text: scenarioTable(results), requests };
}

/** One run, in virtual time or, with what that takes loaded only then, in real time. */
async function run(commandLine: CommandLine, surroundings: Surroundings): Promise<RunReport> {
  const source = await plannedRequests(commandLine);
  using progress = progressOf(commandLine, source, surroundings);
  if (!commandLine.settings["real-time"]) return await virtualRun(commandLine, source, progress);
  const { realTimeRun } = await import("./real_time/real_time_run.ts");
  return await realTimeRun(commandLine, source, progress);
}

async function runComparison(commandLine: CommandLine, surroundings: Surroundings): Promise<Done> {
  const path = commandLine.settings.report;
  if (path !== undefined) await writePage(path, undefined);
  const comparison = await compared(commandLine, surroundings);
  if (path !== undefined) await writePage(path, comparison);
  const requests = comparison.runs.reduce((sum, { requests }) => sum + requests, 0);
  return { report: comparison, text: comparisonTable(comparison), requests };
}

async function compared(
  commandLine: CommandLine,
  surroundings: Surroundings,
): Promise<Comparison> {
  const source = await plannedRequests(commandLine);
  using progress = progressOf(commandLine, source, surroundings);
  return await compare(commandLine, source, progress);
}

/**
 * Writes the page of a comparison. What draws it is loaded only here.
 *
 * @param comparison What the page shows; `undefined` for nothing yet, to see whether it can be written.
 * @throws {UsageError} if the file can't be written.
 */
async function writePage(path: string, comparison: Comparison | undefined): Promise<void> {
  const { comparisonPage } = await import("./report/page.ts");
  const page = comparison === undefined ? "" : comparisonPage(comparison);
  try {
    await writeFile(path, page);
  } catch (error) {
    throw new UsageError([`--report: ${path}: ${plainReason(error)}`]);
  }
}

async function writeTrace(commandLine: CommandLine, surroundings: Surroundings): Promise<void> {
  const path = commandLine.settings.export!;
  const { written, leftOut } = await exported(path, commandLine, surroundings);
  const rest = leftOut === 0 ? "" : `; left out ${leftOut} that are no reads`;
  surroundings.print(`wrote ${written} requests to ${path}${rest}`);
}

async function exported(
  path: string,
  commandLine: CommandLine,
  surroundings: Surroundings,
): Promise<Exported> {
  const source = await plannedRequests(commandLine);
  using progress = progressOf(commandLine, source, surroundings);
  return await exportTrace(path, source, progress);
}

function progressOf(
  { settings }: CommandLine,
  source: RequestSource,
  { terminal, tell }: Surroundings,
): Progress {
  const interval = settings["progress-interval"];
  return createProgress({ terminal, interval, source, write: tell });
}
