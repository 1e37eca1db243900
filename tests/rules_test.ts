import assert from "node:assert/strict";
import { MUTATIONS } from "./mutations/_mutations.ts";

const ROOT = new URL("..", import.meta.url);

/** The rules of docs/rules.md, each an item of a list with the items below it in one line each. */
async function readRules(): Promise<{ rule: string; below: string[] }[]> {
  const text = await Deno.readTextFile(new URL("docs/rules.md", ROOT));
  const rules: { rule: string; below: string[] }[] = [];
  for (const item of text.split(/\n(?= *- )/)) {
    const line = item.split("\n\n")[0]!.replace(/\s+/g, " ").trim();
    if (item.startsWith("- **")) rules.push({ rule: line, below: [] });
    else if (item.startsWith("  - ")) rules.at(-1)!.below.push(line.slice(2));
  }
  return rules;
}

Deno.test("every rule has a test, and every test that docs/rules.md names is there", async () => {
  const rules = await readRules();
  assert.ok(rules.length > 40, `only ${rules.length} rules`);
  for (const { rule, below } of rules) {
    const named = below.filter((line) => !line.startsWith("Broken on purpose"));
    assert.ok(named.length > 0, `no test holds: ${rule}`);
    for (const line of named) {
      const [, file, name] = /^`([^`]+)`: (.+)$/.exec(line) ?? assert.fail(line);
      const source = await Deno.readTextFile(new URL(file!, ROOT));
      assert.ok(source.includes(name!), `${file} has no test of the name ${name}`);
    }
  }
});

Deno.test("docs/rules.md names every mutation, and none that is not there", async () => {
  const named = (await readRules()).flatMap(({ below }) => below)
    .filter((line) => line.startsWith("Broken on purpose"))
    .flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
  assert.deepEqual(named.toSorted(), MUTATIONS.map(({ name }) => name).toSorted());
});
