/**
 * Flags that do not go together.
 *
 * @module
 */
import { type CommandLine, UsageError } from "./command_line.ts";
import type { Settings } from "./flags.ts";

/**
 * Holds flags against each other.
 *
 * @throws {UsageError} naming the one that does not go with another.
 */
export function holdTogether({ settings, given }: CommandLine): void {
  const faults: string[] = [];
  const exclude = (
    flag: keyof Settings,
    others: readonly (keyof Settings)[],
    why: string,
  ): void => {
    const other = others.find((each) => given.has(each));
    if (given.has(flag) && other !== undefined) {
      faults.push(`--${flag}: not beside --${other}: ${why}`);
    }
  };
  exclude("no-cache", ["policies", "report"], "there is nothing to compare");
  exclude(
    "scenario",
    ["trace", "policies", "export", "report"],
    "a scenario has requests of its own",
  );
  if (settings["cache-max-size"].length > 1) {
    exclude("cache-max-size", ["no-cache", "scenario"], "several sizes are a comparison");
  }
  if (faults.length > 0) throw new UsageError(faults);
}
