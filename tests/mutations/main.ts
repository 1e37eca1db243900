/**
 * `deno task test:mutations`: breaks rules on purpose, in a copy of the tree, and sees for each
 * whether the test that holds it fails.
 *
 * @module
 */
import { type Mutation, MUTATIONS } from "./_mutations.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** How often a test is run that may choose at random what it tries. */
const TRIES = 4;

const PERMISSIONS = [
  "--no-prompt",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  "--allow-sys",
  "--allow-net=127.0.0.1,[::1],localhost",
];

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !MUTATIONS.some((mutation) => mutation.name === name));
  if (unknown.length > 0) {
    console.error(`no mutation is named ${unknown.join(", ")}`);
    Deno.exit(2);
  }
  const chosen = MUTATIONS.filter(({ name }) => names.length === 0 || names.includes(name));
  const copy = await Deno.makeTempDir({ prefix: "s3-edge-cache-mutations-" });
  let unnoticed = 0;
  try {
    await copyTree(copy);
    for (const mutation of chosen) {
      const outcome = await tryMutation(copy, mutation);
      if (outcome !== "noticed") unnoticed++;
      console.log(`${mutation.name}: ${outcome} by ${mutation.test.join(", ")}`);
    }
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
  console.log(`${chosen.length} mutations, ${unnoticed} not noticed`);
  if (unnoticed > 0) Deno.exit(1);
}

/** Copies what git tracks or would add. */
async function copyTree(copy: string): Promise<void> {
  const args = ["-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await new Deno.Command("git", { args }).output();
  for (const file of new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "")) {
    await Deno.mkdir(`${copy}/${file.split("/").slice(0, -1).join("/")}`, { recursive: true });
    await Deno.copyFile(`${ROOT}/${file}`, `${copy}/${file}`);
  }
}

/** Changes the file, runs the test, and puts the file back. */
async function tryMutation(copy: string, { file, from, to, test }: Mutation): Promise<string> {
  const path = `${copy}/${file}`;
  const text = await Deno.readTextFile(path);
  if (text.split(from).length !== 2) return `not made, for ${file} has changed: not noticed`;
  await Deno.writeTextFile(path, text.replace(from, () => to));
  let noticed = false;
  for (let tries = 0; tries < TRIES && !noticed; tries++) noticed = await fails(copy, test);
  await Deno.writeTextFile(path, text);
  return noticed ? "noticed" : "NOT noticed";
}

/** Whether a test runs and fails. */
async function fails(copy: string, test: Mutation["test"]): Promise<boolean> {
  const args = ["test", "--no-check", ...PERMISSIONS, "--filter", test[1], test[0]];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: copy,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  const failed = /\| \d+ passed.* \| ([1-9]\d*) failed|\| ([1-9]\d*) failed/.test(
    new TextDecoder().decode(stdout),
  );
  return !success && failed;
}

await main(Deno.args.filter((arg) => arg !== "--"));
