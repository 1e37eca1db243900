/**
 * A tree of files, made and compared.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Files by their path below the tree's root; names as people have them. */
const FILES: Readonly<Record<string, string>> = {
  "plain.txt": "plain",
  "empty": "",
  "with space & more.txt": "space",
  "plus+and=equals.txt": "plus",
  "percent%20.txt": "percent",
  "käse/Ünïcode 🦊.txt": "fox",
  "deep/er/still/file.bin": "x".repeat(70_000),
  "deep/er/other.json": "{}",
  'quote\'d "twice".txt': "quotes",
};

/** Makes the tree. */
export async function makeTree(root: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    const file = `${root}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}

/** Holds a tree against the one that was made: every file, no other, byte for byte. */
export async function assertTree(
  root: string,
  besides: Record<string, string> = {},
): Promise<void> {
  assert.deepEqual(await readTree(root, ""), sorted({ ...FILES, ...besides }));
}

async function readTree(root: string, prefix: string): Promise<[string, string][]> {
  const files: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${prefix}`)) {
    const path = prefix + name;
    if (isDirectory) files.push(...await readTree(root, `${path}/`));
    else files.push([path, await Deno.readTextFile(`${root}/${path}`)]);
  }
  return sorted(Object.fromEntries(files));
}

function sorted(files: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(files).toSorted(([a], [b]) => a < b ? -1 : 1);
}
