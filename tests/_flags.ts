/**
 * The flags of the commands among the tests.
 *
 * @module
 */
import { parseArgs } from "node:util";

/** A flag that takes a number, its default and its bounds. */
export interface NumberFlag {
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** What it is, for the help. */
  readonly text: string;
}

/**
 * Reads the flags of a command; shows its help, or says what is wrong, and ends where that is due.
 *
 * @param about What the command does.
 * @param flags Its flags.
 * @returns The value of each.
 */
export function readFlags<Name extends string>(
  about: string,
  flags: Readonly<Record<Name, NumberFlag>>,
): Readonly<Record<Name, number>> {
  const all = Object.entries<NumberFlag>(flags);
  if (Deno.args.includes("--help")) {
    const rows = all.map(([name, flag]) => `  --${name} N`.padEnd(18) + help(flag));
    console.log([about, "", ...rows].join("\n"));
    Deno.exit(0);
  }
  const given = parse(Object.keys(flags));
  return Object.fromEntries(
    all.map(([name, flag]) => [name, valueOf(name, given[name], flag)]),
  ) as Record<Name, number>;
}

function help({ text, default: usual }: NumberFlag): string {
  return `${text}, ${usual} unless given`;
}

function parse(names: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: Deno.args.filter((arg) => arg !== "--"), options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : `${error}`);
  }
}

function valueOf(name: string, given: string | undefined, flag: NumberFlag): number {
  const value = given === undefined ? flag.default : Number(given);
  if (given !== "" && value >= flag.least && value <= flag.most) return value;
  return refuse(`--${name} must be from ${flag.least} to ${flag.most}, is ${given}`);
}

function refuse(message: string): never {
  console.error(message);
  Deno.exit(2);
}
