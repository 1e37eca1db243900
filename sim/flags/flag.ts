/**
 * One flag: how its text is read, what it is without one, what it means.
 *
 * @module
 */
import { parseBytes } from "./byte_size.ts";

/** How a flag's text becomes its value. */
export interface FlagKind<T> {
  /** What stands for the value in the manual; empty for a switch, which takes none. */
  readonly placeholder: string;
  /** What is allowed, in words that complete "allowed: ". */
  readonly allowed: string;
  /** The value, or `undefined` if the text is not allowed. */
  parse(text: string): T | undefined;
}

/** A flag of the command line. */
export interface Flag<T> {
  /** How its text is read. */
  readonly kind: FlagKind<T>;
  /** The text that stands for an absent flag; `undefined` where there is none. */
  readonly default: string | undefined;
  /** One line for people. */
  readonly meaning: string;
}

/** A flag that is there or not. */
export const onOff: FlagKind<boolean> = {
  placeholder: "",
  allowed: "no value",
  parse: (text) => ({ true: true, false: false })[text],
};

/** Any text but the empty one. */
export const filePath: FlagKind<string> = {
  placeholder: "FILE",
  allowed: "the path of a file",
  parse: (text) => text === "" ? undefined : text,
};

/** A whole number. */
export function whole(min: number, max: number): FlagKind<number> {
  return {
    placeholder: "N",
    allowed: `a whole number from ${min} to ${max}`,
    parse: (text) => within(/^\d{1,16}$/.test(text) ? Number(text) : NaN, min, max),
  };
}

/** A number with or without decimals. */
export function decimal(min: number, max: number): FlagKind<number> {
  return {
    placeholder: "X",
    allowed: `a number from ${min} to ${max}`,
    parse: (text) => within(/^\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : NaN, min, max),
  };
}

/** A number of bytes, with or without a unit. */
export function bytes(min: number, max: number): FlagKind<number> {
  return {
    placeholder: "BYTES",
    allowed: `bytes from ${min} to ${max}, such as 65536, 64KiB or 10MB`,
    parse: (text) => within(parseBytes(text) ?? NaN, min, max),
  };
}

/** Characters of a placeholder that names every word. */
const LONGEST_CHOICE = 30;

/** One of a few words. */
export function word<const W extends string>(...words: readonly W[]): FlagKind<W> {
  const choice = words.join("|");
  return {
    placeholder: choice.length > LONGEST_CHOICE ? "NAME" : choice,
    allowed: words.join(", "),
    parse: (text) => words.find((each) => each === text),
  };
}

/** One or more of a kind, separated by commas, none twice. */
export function list<T>(kind: FlagKind<T>): FlagKind<readonly T[]> {
  return {
    placeholder: `${kind.placeholder}[,…]`,
    allowed: `${kind.allowed}; several separated by commas, none twice`,
    parse: (text) => {
      const values = text.split(",").map((part) => kind.parse(part.trim()));
      if (new Set(values).size < values.length) return undefined;
      return values.includes(undefined) ? undefined : values as readonly T[];
    },
  };
}

function within(number: number, min: number, max: number): number | undefined {
  return number >= min && number <= max ? number : undefined;
}
