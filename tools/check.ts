/**
 * The checks on the whole workspace. Prints a line for each finding and ends with 1 if there
 * is any; `--write` first brings every project.json's dependencies up to date.
 *
 * @module
 */
import { checkArrows } from "./arrows.ts";
import { checkCycles } from "./cycles.ts";
import { checkFiles } from "./files.ts";
import { checkHosts } from "./hosts.ts";
import { checkLaunch } from "./launch.ts";
import { readModuleGraph } from "./module_graph.ts";
import { checkProjects, writeDependencies } from "./projects.ts";
import { checkVersions } from "./versions.ts";
import { readWorkspace } from "./workspace.ts";

if (import.meta.main) {
  const root = decodeURIComponent(new URL("..", import.meta.url).pathname).replace(/\/$/, "");
  const workspace = await readWorkspace(root);
  const graph = await readModuleGraph(workspace);
  if (Deno.args.includes("--write")) await writeDependencies(workspace, graph);
  const findings = [
    ...checkArrows(workspace, graph),
    ...checkCycles(graph),
    ...await checkProjects(workspace, graph),
    ...await checkFiles(workspace),
    ...await checkVersions(workspace),
    ...await checkHosts(workspace),
    ...await checkLaunch(workspace),
  ];
  for (const { file, message } of findings) console.error(`${file}: ${message}`);
  console.log(`${graph.length} modules checked, ${findings.length} findings`);
  if (findings.length > 0) Deno.exit(1);
}
