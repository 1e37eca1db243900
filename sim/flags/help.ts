/**
 * What `--help` prints.
 *
 * @module
 */
import type { Flag } from "./flag.ts";
import { FLAGS } from "./flags.ts";

const USAGE = `Simulates the cache under a workload or a trace, in virtual time.

Usage: deno task sim [flags]

  deno task sim --scenario all
  deno task sim --zipf-exponent 1.2 --cache-max-size 100MB --cache-max-entries 10000
  deno task sim --trace log.jsonl.zst --cache-max-size 1GB
  deno task sim --policies s3-fifo,lru,belady --cache-max-size 5MB,20MB,80MB --report out.html

Bytes may have a unit: kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024).
`;

const EXIT_STATUS = `
Exit status: 0, or 2 for flags that are wrong and traces that can't be read or written.
`;

/** The manual: usage, every flag with its default, exit statuses. */
export function helpText(): string {
  const rows = (Object.entries(FLAGS) as [string, Flag<unknown>][]).map(([name, flag]) =>
    row(name, flag)
  );
  return `${USAGE}\n${rows.join("")}  --help\n      print this\n${EXIT_STATUS}`;
}

function row(name: string, { kind, default: value, meaning }: Flag<unknown>): string {
  const { placeholder, allowed } = kind;
  if (placeholder === "") return `  --${name}\n      ${meaning}\n`;
  const usual = value === undefined ? "" : ` (${value})`;
  const names = placeholder.startsWith("NAME") ? `      ${allowed}\n` : "";
  return `  --${name} ${placeholder}${usual}\n      ${meaning}\n${names}`;
}
