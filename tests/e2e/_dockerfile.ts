/**
 * A Dockerfile read, as far as ours goes.
 *
 * @module
 */

/** One instruction. */
export interface Instruction {
  /** Its name in upper case. */
  readonly name: string;
  /** What follows it, continued lines joined. */
  readonly text: string;
}

/** Cuts a Dockerfile into its instructions. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.replace(/\\\n/g, "").split("\n");
  return lines.filter((line) => /^[A-Z]/.test(line)).map((line) => {
    const space = line.indexOf(" ");
    return { name: line.slice(0, space), text: line.slice(space + 1).trim() };
  });
}

/**
 * Whether a path of the build's context is copied.
 *
 * @param ignore The text of `.dockerignore`: the last pattern that matches a path, or a folder
 * that it is in, decides.
 */
export function dockerContext(ignore: string): (path: string) => boolean {
  const lines = ignore.split("\n").map((line) => line.trim());
  const rules = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => ({
    copied: line.startsWith("!"),
    pattern: patternOf(line.replace(/^!/, "")),
  }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.copied ?? true;
}

function patternOf(glob: string): RegExp {
  const source = glob.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}(?:/|$)`);
}
