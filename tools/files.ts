/**
 * Names and lengths of source files.
 *
 * @module
 */
import { type Finding, isTestFile, sourceFiles, type Workspace } from "./workspace.ts";

/** Lines that a file may have. */
const MAX_LINES = 250;
/** Lines that a test may have. */
const MAX_TEST_LINES = 400;

/** Files that may be longer, each with its bound and the reason. */
const LONGER: Readonly<Record<string, { readonly lines: number; readonly reason: string }>> = {
  "cache/shared_fill.ts": { lines: 260, reason: "one state machine, whose order is its proof" },
};

/** Names that say nothing about what a file holds. */
const SAYS_NOTHING = /^(utils?|helpers?|common|misc|types|constants)$/;

/** Every source file has a name that says something, in snake_case, and a bearable length. */
export async function checkFiles(workspace: Workspace): Promise<Finding[]> {
  const findings = await Promise.all(
    sourceFiles(workspace).map(async (file) => {
      const messages = [checkName(file), checkLength(file, await workspace.read(file))];
      return messages.flatMap((message) => message === undefined ? [] : [{ file, message }]);
    }),
  );
  return findings.flat();
}

function checkName(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1, -".ts".length);
  if (!/^_?[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) return "is not named in snake_case";
  return SAYS_NOTHING.test(name) ? "has a name that does not say what it holds" : undefined;
}

function checkLength(file: string, text: string): string | undefined {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  const max = LONGER[file]?.lines ?? (isTestFile(file) ? MAX_TEST_LINES : MAX_LINES);
  return lines > max ? `has ${lines} lines, ${max} are allowed` : undefined;
}
