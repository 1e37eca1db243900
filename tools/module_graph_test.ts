import assert from "node:assert/strict";
import { readModuleGraph } from "./module_graph.ts";
import { readWorkspace } from "./workspace.ts";

/** Runs over a git work tree of these files, which is removed at the end. */
async function withTree(
  files: Readonly<Record<string, string>>,
  run: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    await new Deno.Command("git", { args: ["init", "-q", root] }).output();
    for (const [file, text] of Object.entries(files)) {
      await Deno.mkdir(`${root}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${file}`, text);
    }
    await run(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const TREE = {
  "deno.json": `{ "workspace": ["./a", "./b"] }`,
  ".gitignore": "ignored.ts\n",
  "a/deno.json": `{ "name": "@x/a", "version": "1.0.0", "exports": "./mod.ts" }`,
  "a/mod.ts": `export const one = 1;\nexport type Two = 2;\n`,
  "a/ignored.ts": "export {};\n",
  "b/deno.json": `{ "name": "@x/b", "version": "1.0.0", "exports": "./mod.ts" }`,
  "b/mod.ts": `export { one } from "@x/a";
export type { Two } from "../a/mod.ts";
await import("./late.ts");
export const path: typeof import("node:path") | undefined = undefined;
import "nowhere";
`,
  "b/late.ts": "export {};\n",
};

Deno.test("static, dynamic, type-only and re-export imports are seen", async () => {
  await withTree(TREE, async (root) => {
    const workspace = await readWorkspace(root);
    assert.ok(!workspace.files.includes("a/ignored.ts"));
    assert.deepEqual(workspace.members.map(({ directory }) => directory), [".", "a", "b"]);
    const graph = await readModuleGraph(workspace);
    assert.deepEqual(graph.map(({ file }) => file), ["a/mod.ts", "b/late.ts", "b/mod.ts"]);
    const imports = new Map(graph.at(-1)?.imports.map((entry) => [entry.specifier, entry]));
    assert.equal(imports.get("@x/a")?.file, "a/mod.ts");
    assert.equal(imports.get("../a/mod.ts")?.file, "a/mod.ts");
    assert.equal(imports.get("./late.ts")?.file, "b/late.ts");
    assert.equal(imports.get("node:path")?.external, "node:path");
    assert.equal(typeof imports.get("nowhere")?.error, "string");
  });
});

Deno.test("a file that can't be parsed is named", async () => {
  await withTree({ ...TREE, "b/late.ts": "export {" }, async (root) => {
    const workspace = await readWorkspace(root);
    await assert.rejects(readModuleGraph(workspace), /b\/late\.ts/);
  });
});

Deno.test("a deleted file is no longer part of the workspace", async () => {
  await withTree(TREE, async (root) => {
    await new Deno.Command("git", { args: ["-C", root, "add", "."] }).output();
    await Deno.remove(`${root}/b/late.ts`);
    assert.ok(!(await readWorkspace(root)).files.includes("b/late.ts"));
  });
});
