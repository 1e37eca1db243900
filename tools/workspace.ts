/**
 * What the checks look at: the members of this workspace and the files that belong to it.
 *
 * @module
 */

/** Something that is not as it should be, and where. */
export interface Finding {
  /** Path below the root, with forward slashes. */
  readonly file: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** The part of a deno.json that the checks read. */
export interface DenoConfig {
  /** Package name; without one nothing is published. */
  readonly name?: string;
  /** Directories of the members, in the root's only. */
  readonly workspace?: readonly string[];
  /** The import map. */
  readonly imports?: Readonly<Record<string, string>>;
  /** Tasks: a command, or a record that holds one. */
  readonly tasks?: Readonly<Record<string, string | { readonly command?: string }>>;
}

/** A directory with a deno.json of its own. */
export interface Member {
  /** Path below the root; `.` for the root itself. */
  readonly directory: string;
  /** Its deno.json. */
  readonly config: DenoConfig;
}

/** The workspace at one moment. */
export interface Workspace {
  /** Absolute path of the root. */
  readonly root: string;
  /** The root first, then the members in the order of its deno.json. */
  readonly members: readonly Member[];
  /** Every file that git tracks or would add, below the root, sorted. */
  readonly files: readonly string[];
  /** The text of one of them. */
  read(file: string): Promise<string>;
}

/**
 * Reads the workspace.
 *
 * @param root Absolute path of a git work tree with a deno.json.
 * @throws {Error} if git fails or a deno.json is missing or no JSON.
 */
export async function readWorkspace(root: string): Promise<Workspace> {
  const read = (file: string) => Deno.readTextFile(`${root}/${file}`);
  const readConfig = async (directory: string): Promise<Member> => {
    const file = directory === "." ? "deno.json" : `${directory}/deno.json`;
    return { directory, config: JSON.parse(await read(file)) };
  };
  const door = await readConfig(".");
  const directories = (door.config.workspace ?? []).map((entry) => entry.replace(/^\.\//, ""));
  const members = await Promise.all(directories.map(readConfig));
  return { root, members: [door, ...members], files: await listFiles(root), read };
}

/** Tracked files and those that `git add` would take, less those deleted in the work tree. */
async function listFiles(root: string): Promise<string[]> {
  const [present, deleted] = await Promise.all([
    git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
    git(root, "ls-files", "-z", "--deleted"),
  ]);
  const gone = new Set(deleted);
  return [...new Set(present)].filter((file) => !gone.has(file)).sort();
}

async function git(root: string, ...args: string[]): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["-C", root, ...args],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`git ${args[0]} failed: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).split("\0").filter((file) => file !== "");
}

/** The TypeScript files of the members, Markdown and configuration left out. */
export function sourceFiles(workspace: Workspace): string[] {
  return workspace.files.filter((file) => file.endsWith(".ts"));
}

/** Whether a file is there for tests or benchmarks only. */
export function isTestFile(file: string): boolean {
  return file.startsWith("tests/") || /_(test|bench)\.ts$|\/(testdata|testing)\//.test(file);
}
