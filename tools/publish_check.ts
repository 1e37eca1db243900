/**
 * What JSR would take of one member: its documentation without gaps, its types without
 * inference, and no file that is there for tests.
 *
 * @module
 */

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

/** Runs Deno in a member's directory; gives what it printed. */
async function deno(cwd: string, ...args: string[]): Promise<{ ok: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { ok: success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

if (import.meta.main) {
  const [directory = "."] = Deno.args;
  const documented = await deno(directory, "doc", "--lint", "mod.ts");
  const published = await deno(directory, "publish", "--dry-run", "--allow-dirty");
  if (!documented.ok) console.error(documented.output);
  if (!published.ok) console.error(published.output);
  const faults = checkPublished(publishedFiles(published.output));
  for (const fault of faults) console.error(fault);
  if (!documented.ok || !published.ok || faults.length > 0) Deno.exit(1);
  console.log(publishedFiles(published.output).join("\n"));
}
