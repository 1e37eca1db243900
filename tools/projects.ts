/**
 * Nx's project files against the imports: Nx reads no bare specifiers, so its graph is what
 * each project.json says, and its cache is right only while that is true.
 *
 * @module
 */
import { ARROWS, unitOf } from "./arrows.ts";
import type { Module } from "./module_graph.ts";
import type { Finding, Member, Workspace } from "./workspace.ts";

/** Nx's name of the root package. */
const DOOR = "s3-edge-cache";

/** The part of a project.json that is held here. */
interface Project {
  readonly name?: string;
  readonly implicitDependencies?: readonly string[];
  readonly targets?: Readonly<Record<string, unknown>>;
}

/** Path of a member's project.json. */
export function projectFile(member: Member): string {
  return member.directory === "." ? "project.json" : `${member.directory}/project.json`;
}

/** Nx's name of the project that a unit belongs to. */
function projectOf(unit: string): string {
  return unit.endsWith(".ts") ? DOOR : unit;
}

/** What a member really imports of the others, by Nx's names, sorted. */
export function realDependencies(member: Member, graph: readonly Module[]): string[] {
  const own = member.directory === "." ? DOOR : member.directory;
  const targets = graph
    .filter((module) => projectOf(unitOf(module.file)) === own)
    .flatMap((module) => module.imports)
    .flatMap((entry) => entry.file === undefined ? [] : [projectOf(unitOf(entry.file))]);
  return [...new Set(targets)].filter((name) => name !== own).sort();
}

/** Name, targets and dependencies of every project.json, and members against the arrows. */
export async function checkProjects(
  workspace: Workspace,
  graph: readonly Module[],
): Promise<Finding[]> {
  const perMember = workspace.members.map(async (member) => {
    const file = projectFile(member);
    if (!workspace.files.includes(file)) return [{ file, message: "is missing" }];
    const project: Project = JSON.parse(await workspace.read(file));
    return projectFaults(member, project, realDependencies(member, graph))
      .map((message) => ({ file, message }));
  });
  return [...(await Promise.all(perMember)).flat(), ...checkMembers(workspace)];
}

function projectFaults(member: Member, project: Project, real: readonly string[]): string[] {
  const faults: string[] = [];
  const name = member.directory === "." ? DOOR : member.directory;
  if (project.name !== name) faults.push(`is named ${project.name}, not ${name}`);
  const targets = ["test", "lint", ...(member.config.name === undefined ? [] : ["publish-check"])];
  for (const target of targets) {
    if (project.targets?.[target] === undefined) faults.push(`has no target ${target}`);
  }
  const said = [...project.implicitDependencies ?? []].sort();
  if (said.join() !== real.join()) {
    faults.push(
      `implicitDependencies are [${said.join(", ")}], the imports say [${real.join(", ")}]; ` +
        "`deno task check:code --write` mends it",
    );
  }
  return faults;
}

/** Directories with a deno.json, the workspace's members and the rows of the arrows agree. */
function checkMembers(workspace: Workspace): Finding[] {
  const listed = new Set(workspace.members.map((member) => member.directory));
  const present = workspace.files
    .filter((file) => file.endsWith("/deno.json"))
    .map((file) => file.slice(0, -"/deno.json".length));
  const unlisted = present.filter((directory) => !listed.has(directory)).map((directory) => ({
    file: `${directory}/deno.json`,
    message: "is not a member of the root's workspace",
  }));
  const rows = new Set(Object.keys(ARROWS).filter((unit) => !unit.endsWith(".ts")));
  const withoutRow = [...listed].filter((directory) => directory !== "." && !rows.has(directory));
  const withoutMember = [...rows].filter((unit) => !listed.has(unit));
  return [
    ...unlisted,
    ...[...withoutRow, ...withoutMember].map((unit) => ({
      file: "tools/arrows.ts",
      message: `${unit} is only in one of the workspace and the arrows`,
    })),
  ];
}

/** Writes the real dependencies into every project.json; the rest stays as it is. */
export async function writeDependencies(
  workspace: Workspace,
  graph: readonly Module[],
): Promise<void> {
  for (const member of workspace.members) {
    const path = `${workspace.root}/${projectFile(member)}`;
    const project: Project = JSON.parse(await Deno.readTextFile(path));
    const implicitDependencies = realDependencies(member, graph);
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...project, implicitDependencies }, null, 2) + "\n",
    );
  }
}
