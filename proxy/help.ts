/**
 * What `--help` prints.
 *
 * @module
 */
import type { Setting } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

const USAGE = `s3-edge-cache: a transparent caching proxy for S3-compatible storage

Usage: deno task start [--help | --version]

Settings are read from the environment:
`;

const EXIT_STATUS = `
Exit status: 0 after SIGTERM or SIGINT and for --help, 1 if it can't listen or stopped on an
error, 2 for settings or arguments that are missing or wrong.
`;

/** The manual: usage, the table of settings, exit statuses. */
export function helpText(): string {
  const lines = Object.entries(SETTINGS).map(([name, setting]: [string, Setting<unknown>]) =>
    `  ${name} (${settingDefault(setting)})\n      ${setting.meaning}\n`
  );
  return USAGE + lines.join("") + EXIT_STATUS;
}

/** What stands in for an absent variable, as the manual says it. */
export function settingDefault(setting: Setting<unknown>): string {
  return setting.default ?? (setting.required ? "required" : "none");
}
