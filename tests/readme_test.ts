import assert from "node:assert/strict";
import { settingDefault, SETTINGS } from "@s3-edge-cache/proxy";

const ROOT = new URL("..", import.meta.url);
const README = await Deno.readTextFile(new URL("README.md", ROOT));

/** The cells of every row of the README's tables. */
const ROWS = README.split("\n").filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

Deno.test("the README's table of settings is the one in code", () => {
  const documented = ROWS.filter(([name]) => /^[A-Z][A-Z0-9_]+$/.test(name!));
  const inCode = Object.entries(SETTINGS)
    .map(([name, setting]) => [name, settingDefault(setting), setting.meaning]);
  assert.deepEqual(documented, inCode);
});

Deno.test("every task that the README names exists", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const named = [...README.matchAll(/\bdeno(?:@\S+)? task ([a-z0-9:]+)/g)].map(([, task]) => task!);
  assert.ok(named.includes("demo") && named.includes("test") && named.includes("start"));
  for (const task of named) assert.ok(task in tasks, task);
});

Deno.test("the README's table of dependencies is what the packages import and the tasks run", async () => {
  const used = new Set<string>();
  const { workspace } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  for (const member of [".", ...workspace]) {
    const manifest = await Deno.readTextFile(new URL(`${member}/deno.json`, ROOT));
    for (const [, name, version] of manifest.matchAll(/\bnpm:(@?[^"@\s]+)@([^"\s]+)/g)) {
      used.add(`${name} ${version}`);
    }
  }
  const documented = new Set(
    ROWS.flatMap(([cell]) => cell!.split(", ")).filter((cell) => /^\S+ \d+\.\d+\.\d+$/.test(cell)),
  );
  assert.deepEqual([...documented].sort(), [...used].sort());
});
