/**
 * What JSR would take of one member: its documentation without gaps, its types without
 * inference, and no file that is there for tests.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { ARROWS } from "./arrows.ts";

/** Files that have no business in a package. */
const NOT_FOR_USERS =
  /(_test|_bench)\.ts$|\/(testdata|testing)\/|\/project\.json$|\/node_modules\//;

/** The files that `deno publish --dry-run` lists, as they stand in its output. */
export function publishedFiles(output: string): string[] {
  return [...output.matchAll(/^\s+file:\/\/(\S+) \(/gm)].map((match) => match[1] ?? "");
}

/** What is wrong with a list of files; empty if nothing is. */
export function checkPublished(files: readonly string[]): string[] {
  const faults = files.filter((file) => NOT_FOR_USERS.test(file)).map((file) =>
    `${file} would be published; see publish.exclude in deno.json`
  );
  return files.some((file) => file.endsWith("/mod.ts"))
    ? faults
    : [...faults, "mod.ts would not be published"];
}

/**
 * The faults of one member in what `deno doc --lint` says of it and the packages below it,
 * whose types it may show.
 *
 * @param output The output, without colours.
 * @param prefix How the member's paths begin in it.
 */
export function ownDocFaults(output: string, prefix: string): string[] {
  return output.split(/\n(?=error\[)/).filter((block) =>
    /^error\[/.test(block) && block.includes(`--> ${prefix}`)
  );
}

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs Deno in a directory; Nx asks it for colours, which are taken out again. */
async function deno(cwd: string, ...args: string[]): Promise<Outcome> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
  }).output();
  const decoder = new TextDecoder();
  const output = stripVTControlCharacters(decoder.decode(stdout) + decoder.decode(stderr));
  return { ok: success, output };
}

/** The gaps in the documentation of a member. */
async function docFaults(root: string, directory: string): Promise<string[]> {
  const unit = directory === "." ? "mod.ts" : directory;
  const own = directory === "." ? "mod.ts" : `${directory}/mod.ts`;
  const below = (ARROWS[unit] ?? []).map((name) => `${name}/mod.ts`);
  const { ok, output } = await deno(root, "doc", "--lint", own, ...below);
  if (ok) return [];
  if (!/^error\[/m.test(output)) return [output];
  return ownDocFaults(output, directory === "." ? `${root}/mod.ts:` : `${root}/${directory}/`);
}

/** Everything that stands against publishing a member. */
async function publishFaults(root: string, directory: string): Promise<string[]> {
  const documentation = await docFaults(root, directory);
  const dryRun = await deno(`${root}/${directory}`, "publish", "--dry-run", "--allow-dirty");
  if (!dryRun.ok) return [...documentation, dryRun.output];
  return [...documentation, ...checkPublished(publishedFiles(dryRun.output))];
}

if (import.meta.main) {
  const [directory = "."] = Deno.args;
  const faults = await publishFaults(Deno.cwd(), directory);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
  console.log(`${directory} can be published`);
}
