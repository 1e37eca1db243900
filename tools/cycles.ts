/**
 * Import cycles between files.
 *
 * @module
 */
import type { Module } from "./module_graph.ts";
import type { Finding } from "./workspace.ts";

/** One finding for each cycle that a walk in depth meets; type-only imports count too. */
export function checkCycles(graph: readonly Module[]): Finding[] {
  const modules = new Map(graph.map((module) => [module.file, module]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const walk = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      const cycle = [...path.slice(start), file].join(" -> ");
      findings.push({ file, message: `import cycle: ${cycle}` });
      return;
    }
    if (done.has(file)) return;
    for (const entry of modules.get(file)?.imports ?? []) {
      if (entry.file !== undefined) walk(entry.file, [...path, file]);
    }
    done.add(file);
  };
  for (const file of modules.keys()) walk(file, []);
  return findings;
}
