/**
 * Who may import whom. The table is the one of ARCHITECTURE.md; everything else that needs the
 * arrows reads them from here.
 *
 * @module
 */
import type { Import, Module } from "./module_graph.ts";
import { type DenoConfig, type Finding, isTestFile, type Workspace } from "./workspace.ts";

const LIBRARY = ["s3", "auth", "cache", "telemetry", "upstream", "proxy"] as const;

/**
 * The arrows. A unit is a member's directory, or one file of the root. Nobody may import `sim`,
 * `tests`, `bench` and `tools` but those named here.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  s3: [],
  cache: [],
  telemetry: [],
  auth: ["s3"],
  upstream: ["s3", "auth"],
  proxy: ["s3", "cache", "telemetry", "auth", "upstream"],
  "mod.ts": LIBRARY,
  "main.ts": ["proxy"],
  sim: ["s3", "auth", "cache", "telemetry", "proxy"],
  tests: [...LIBRARY, "sim", "mod.ts"],
  bench: LIBRARY,
  tools: [],
};

/** The unit that a file belongs to. */
export function unitOf(file: string): string {
  const slash = file.indexOf("/");
  return slash < 0 ? file : file.slice(0, slash);
}

/**
 * Imports against the arrows: over package boundaries only along an arrow and by package name,
 * inside a package relatively, from outside the workspace only what an import map pins.
 */
export function checkArrows(workspace: Workspace, graph: readonly Module[]): Finding[] {
  const configs = new Map(workspace.members.map(({ directory, config }) => [directory, config]));
  return graph.flatMap((module) => {
    const unit = unitOf(module.file);
    const allowed = ARROWS[unit];
    if (allowed === undefined) {
      return [{ file: module.file, message: `${unit} has no row in tools/arrows.ts` }];
    }
    const own = configs.get(unit) ?? configs.get(".");
    return module.imports.flatMap((entry) => {
      const message = entry.file !== undefined
        ? inWorkspace(unit, allowed, entry.specifier, entry.file)
        : fromElsewhere(isTestFile(module.file) || unit === "tools", entry, own);
      return message === undefined ? [] : [{ file: module.file, message }];
    });
  });
}

function inWorkspace(
  unit: string,
  allowed: readonly string[],
  specifier: string,
  file: string,
): string | undefined {
  const target = unitOf(file);
  const relative = specifier.startsWith(".");
  if (target === unit) {
    return relative ? undefined : `imports its own package as ${specifier}; import the file`;
  }
  if (!allowed.includes(target)) return `${unit} may not import ${target} (${specifier})`;
  return relative ? `imports ${specifier}; import the package by its name` : undefined;
}

function fromElsewhere(
  forDevelopment: boolean,
  { specifier, external, error }: Import,
  own: DenoConfig | undefined,
): string | undefined {
  if (external === undefined) return `${specifier} ${error}`;
  if (external.startsWith("node:")) return undefined;
  if (!external.startsWith("npm:")) return `imports ${external}; only npm: and node: are used`;
  if (/^[a-z]+:/.test(specifier)) return `imports ${specifier}; pin it in deno.json's imports`;
  const pinned = Object.keys(own?.imports ?? {}).some((name) =>
    specifier === name || specifier.startsWith(`${name}/`)
  );
  if (pinned || forDevelopment) return undefined;
  return `imports ${specifier}, which is not in its own package's deno.json`;
}
