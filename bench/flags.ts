/**
 * Flags of the bench's commands, held against their bounds.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { formatSize, parseSize } from "./size.ts";

/** Something in the command line that can't be; the message is for who wrote it. */
export class UsageError extends Error {
  /** Always `UsageError`. */
  override readonly name = "UsageError";
}

/** The flags of one command line. */
export class Flags {
  readonly #values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

  /**
   * Reads a command line.
   *
   * @param args Without the command's name.
   * @param defaults Every flag that takes a value, with its default; an empty one may be repeated.
   * @param switches The flags that take none.
   * @throws {UsageError} for a flag that is unknown, lacks its value, or an argument that is none.
   */
  constructor(
    args: readonly string[],
    defaults: Readonly<Record<string, string>>,
    switches: readonly string[],
  ) {
    const options = Object.fromEntries([
      ...Object.entries(defaults).map(([name, value]) =>
        [
          name,
          value === ""
            ? { type: "string", multiple: true, default: [] }
            : { type: "string", default: value },
        ] as const
      ),
      ...switches.map((name) => [name, { type: "boolean", default: false }] as const),
    ]);
    try {
      this.#values = parseArgs({ args: [...args], options: options as never }).values;
    } catch (error) {
      throw new UsageError((error as Error).message.split(". ", 1)[0]);
    }
  }

  /** Whether a flag without a value is given. */
  has(name: string): boolean {
    return this.#values[name] === true;
  }

  /** Every value of a flag that may be repeated. */
  all(name: string): readonly string[] {
    return this.#values[name] as string[];
  }

  /** A flag's value as it is. */
  text(name: string): string {
    return this.#values[name] as string;
  }

  /**
   * A number.
   *
   * @throws {UsageError} if it is none, or out of bounds.
   */
  number(name: string, least: number, most: number): number {
    return held(name, this.text(name), Number, least, most, String);
  }

  /**
   * A size in bytes.
   *
   * @throws {UsageError} as `number`.
   */
  size(name: string, least: number, most: number): number {
    return held(name, this.text(name), parseSize, least, most, formatSize);
  }

  /**
   * Integers, with commas between them.
   *
   * @throws {UsageError} as `number`.
   */
  integers(name: string, least: number, most: number): number[] {
    return this.#list(name).map((text) => {
      const value = held(name, text, Number, least, most, String);
      if (!Number.isInteger(value)) throw new UsageError(`--${name} takes integers, not ${text}`);
      return value;
    });
  }

  /**
   * Sizes in bytes, with commas between them.
   *
   * @throws {UsageError} as `number`.
   */
  sizes(name: string, least: number, most: number): number[] {
    return this.#list(name).map((text) => held(name, text, parseSize, least, most, formatSize));
  }

  /**
   * Words of a list, with commas between them.
   *
   * @throws {UsageError} if one is not on the list.
   */
  words<Word extends string>(name: string, allowed: readonly Word[]): Word[] {
    return this.#list(name).map((text) => {
      const word = allowed.find((word) => word === text);
      if (word !== undefined) return word;
      throw new UsageError(`--${name} takes ${allowed.join(", ")}, not ${JSON.stringify(text)}`);
    });
  }

  /**
   * One word of a list.
   *
   * @throws {UsageError} as `words`.
   */
  word<Word extends string>(name: string, allowed: readonly Word[]): Word {
    const [word, ...more] = this.words(name, allowed);
    if (more.length > 0) throw new UsageError(`--${name} takes one of ${allowed.join(", ")}`);
    return word!;
  }

  #list(name: string): string[] {
    return this.text(name).split(",").map((text) => text.trim());
  }
}

function held(
  name: string,
  text: string,
  parse: (text: string) => number,
  least: number,
  most: number,
  format: (value: number) => string,
): number {
  const value = text.trim() === "" ? NaN : parse(text);
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `--${name} must be from ${format(least)} to ${format(most)}, is ${JSON.stringify(text)}`,
  );
}
