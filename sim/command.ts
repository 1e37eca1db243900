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
import type { Settings } from "./flags/flags.ts";
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
  holdTogether(commandLine);
  if (settings.scenario !== undefined) return await runScenarios(args, settings, surroundings);
  const start = performance.now();
  const source = await plannedRequests(commandLine);
  const progress = progressOf(settings, source.length, surroundings);
  if (settings.export !== undefined) {
    const exported = await exportTrace(settings.export, source, progress);
    return surroundings.print(exportText(settings.export, exported));
  }
  if (isComparison(settings)) {
    if (settings.report !== undefined) await writePage(settings.report, undefined);
    const comparison = await compare(commandLine, source, progress);
    if (settings.report !== undefined) await writePage(settings.report, comparison);
    const requests = comparison.runs.reduce((sum, run) => sum + run.requests, 0);
    return printReport(comparison, comparisonTable, { settings, surroundings, start, requests });
  }
  const report = await virtualRun(commandLine, source, progress);
  printReport(report, runText, { settings, surroundings, start, requests: report.requests });
}

/**
 * Holds flags against each other.
 *
 * @throws {UsageError} naming the one that does not go with another.
 */
function holdTogether({ settings, given }: CommandLine): void {
  const faults: string[] = [];
  const exclude = (
    flag: keyof Settings,
    others: readonly (keyof Settings)[],
    why: string,
  ): void => {
    const other = others.find((each) => given.has(each));
    if (given.has(flag) && other !== undefined) {
      faults.push(`--${flag}: not beside --${other}: ${why}`);
    }
  };
  exclude("no-cache", ["policies", "report"], "there is nothing to compare");
  exclude(
    "scenario",
    ["trace", "policies", "export", "report"],
    "a scenario has requests of its own",
  );
  if (settings["cache-max-size"].length > 1) {
    exclude("cache-max-size", ["no-cache", "scenario"], "several sizes are a comparison");
  }
  if (faults.length > 0) throw new UsageError(faults);
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

async function runScenarios(
  args: readonly string[],
  settings: Settings,
  surroundings: Surroundings,
): Promise<void> {
  const { scenario } = settings;
  const names = scenario === "all" ? SCENARIO_NAMES : [scenario as ScenarioName];
  const start = performance.now();
  let requests = 0;
  const results: (ScenarioResult & { readonly report: RunReport })[] = [];
  for (const name of names) {
    const commandLine = readCommandLine(args, SCENARIOS[name].flags);
    const source = await plannedRequests(commandLine);
    const progress = progressOf(commandLine.settings, source.length, surroundings);
    const report = await virtualRun(commandLine, source, progress);
    requests += report.requests;
    results.push({ ...scenarioResult(name, report), report });
  }
  printReport(results, scenarioTable, { settings, surroundings, start, requests });
}

/** Prints a report as JSON, or for people and with what it took. */
function printReport<R>(
  report: R,
  text: (report: R) => string,
  { settings, surroundings, start, requests }: {
    readonly settings: Settings;
    readonly surroundings: Surroundings;
    readonly start: number;
    readonly requests: number;
  },
): void {
  if (settings.json) return surroundings.print(JSON.stringify(report, undefined, 2));
  const milliseconds = performance.now() - start;
  surroundings.print(text(report));
  surroundings.print(
    `simulated in ${(milliseconds / 1_000).toFixed(2)} s, ` +
      `${Math.round(requests / milliseconds * 1_000)} requests a second`,
  );
}

function exportText(path: string, { written, leftOut }: Exported): string {
  const rest = leftOut === 0 ? "" : `; left out ${leftOut} that are no reads`;
  return `wrote ${written} requests to ${path}${rest}`;
}

function progressOf(
  settings: Settings,
  total: number | undefined,
  { terminal, tell }: Surroundings,
): Progress {
  return createProgress({ terminal, interval: settings["progress-interval"], total, write: tell });
}
