/**
 * Workspaces made of literals, for the tests of the checks.
 *
 * @module
 */
import type { Member, Workspace } from "./workspace.ts";

/** A workspace of these files, each with its text; members are its deno.json files. */
export function fixtureWorkspace(files: Readonly<Record<string, string>>): Workspace {
  const members: Member[] = Object.entries(files)
    .filter(([file]) => file === "deno.json" || file.endsWith("/deno.json"))
    .map(([file, text]) => ({
      directory: file === "deno.json" ? "." : file.slice(0, -"/deno.json".length),
      config: JSON.parse(text),
    }));
  return {
    root: "/fixture",
    members,
    files: Object.keys(files).sort(),
    read: (file) => {
      const text = files[file];
      return text === undefined ? Promise.reject(new Error(`no ${file}`)) : Promise.resolve(text);
    },
  };
}
