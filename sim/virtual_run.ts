/**
 * One run in virtual time.
 *
 * @module
 */
import type { Simulation } from "./engine/simulation.ts";
import { UniqueCount } from "./engine/unique_count.ts";
import type { CommandLine } from "./flags/command_line.ts";
import { plannedSimulation, plannedStore } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { runFigures, type RunReport, runReport } from "./report/run_report.ts";
import type { RequestSource } from "./workload/sim_request.ts";

/**
 * Runs requests through a simulation of what the settings describe, and audits the cache.
 *
 * @param commandLine What is simulated.
 * @param source The requests.
 * @param progress Is told how far it is.
 */
export async function virtualRun(
  commandLine: CommandLine,
  source: RequestSource,
  progress: Progress,
): Promise<RunReport> {
  const { settings } = commandLine;
  const simulation: Simulation = plannedSimulation(settings, plannedStore(commandLine));
  const unique = new UniqueCount();
  let requests = 0;
  for await (const batch of source.batches()) {
    for (const request of batch) if (!simulation.request(request)) unique.add(request);
    requests += batch.length;
    progress.at(requests, simulation.tally.hitRate);
  }
  simulation.end();
  return runReport(runFigures(simulation.tally, simulation.store.stats()), unique, settings);
}
