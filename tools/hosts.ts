/**
 * Nothing in the tree knows the machine that it was written on.
 *
 * @module
 */
import type { Finding, Workspace } from "./workspace.ts";

/** What no file may say, and what it is. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.])\/(?:work\/(?:main|shared)|root|Users\/\w+|home\/(?!node\b|deno\b)\w+)\b/, "a path"],
  [/registry\.npmjs\.|npm\.jsr\.io/, "a registry's host"],
  [/\bpypi\.(?:org|python)|files\.pythonhosted\./, "a registry's host"],
  [/\b(?:proxy|sum)\.golang\.|\bstatic\.crates\.|\bdeb\.debian\./, "a registry's host"],
];

/** Machine paths and registry hosts in any text file, and any address in lock files. */
export async function checkHosts(workspace: Workspace): Promise<Finding[]> {
  const findings = await Promise.all(workspace.files.map(async (file) => {
    const lines = (await workspace.read(file)).split("\n");
    const patterns = file.endsWith(".lock")
      ? [...FORBIDDEN, [/https?:|"tarball"/, "an address"] as const]
      : FORBIDDEN;
    return lines.flatMap((line, index) =>
      patterns.filter(([pattern]) => pattern.test(line)).map(([pattern, what]) => ({
        file,
        message: `line ${index + 1} holds ${what}: ${pattern.exec(line)?.[0]}`,
      }))
    );
  }));
  return findings.flat();
}
