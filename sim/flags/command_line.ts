/**
 * From arguments to settings.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Flag } from "./flag.ts";
import { FLAGS, type Settings } from "./flags.ts";

/** What the command line asks for. */
export interface CommandLine {
  /** The value of every flag. */
  readonly settings: Settings;
  /** The flags that were given. */
  readonly given: ReadonlySet<keyof Settings>;
}

/** Thrown for arguments that are wrong. */
export class UsageError extends Error {
  /** One line a fault. */
  readonly faults: readonly string[];

  /**
   * An error to throw.
   *
   * @param faults One line a fault.
   */
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "UsageError";
    this.faults = faults;
  }
}

/** Whether arguments ask for the manual. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === "--help" || arg === "-h");
}

/**
 * Reads arguments.
 *
 * @param args The arguments, without the program's name.
 * @param presets Texts of flags in the place of their defaults.
 * @throws {UsageError} naming every fault: flag, value and what is allowed.
 */
export function readCommandLine(
  args: readonly string[],
  presets: Readonly<Record<string, string>> = {},
): CommandLine {
  const faults: string[] = [];
  const texts = textsOf(args, faults);
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(FLAGS) as [string, Flag<unknown>][]) {
    const text = texts.get(name) ?? presets[name] ?? flag.default;
    if (text === undefined) continue;
    const value = flag.kind.parse(text);
    if (value === undefined) {
      faults.push(`--${name}: ${JSON.stringify(text)}; allowed: ${flag.kind.allowed}`);
    }
    values[name] = value;
  }
  if (faults.length > 0) throw new UsageError(faults);
  const settings = values as unknown as Settings;
  if (settings["min-object-size"] > settings["max-object-size"]) {
    throw new UsageError([
      `--min-object-size: ${settings["min-object-size"]}; allowed: at most --max-object-size, ` +
      `which is ${settings["max-object-size"]}`,
    ]);
  }
  return { settings, given: new Set(texts.keys() as Iterable<keyof Settings>) };
}

/** The text of every flag that is there, the last one where it is there twice. */
function textsOf(args: readonly string[], faults: string[]): Map<string, string> {
  const options = Object.fromEntries(
    Object.entries(FLAGS).map(([name, { kind }]) =>
      [name, { type: kind.placeholder === "" ? "boolean" as const : "string" as const }] as const
    ),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const texts = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") faults.push(`${JSON.stringify(token.value)} is no flag`);
    if (token.kind !== "option") continue;
    const kind = Object.hasOwn(FLAGS, token.name)
      ? FLAGS[token.name as keyof Settings].kind
      : undefined;
    if (kind === undefined) faults.push(`${token.rawName} is no flag; --help lists them`);
    else if (kind.placeholder === "") texts.set(token.name, token.value ?? "true");
    else if (token.value === undefined) {
      faults.push(`${token.rawName} needs a value; allowed: ${kind.allowed}`);
    } else texts.set(token.name, token.value);
  }
  return texts;
}
