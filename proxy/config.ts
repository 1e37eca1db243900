/**
 * From the environment to a checked configuration: every fault at once.
 *
 * @module
 */
import type { Setting } from "./setting.ts";
import { type Config, type SettingName, SETTINGS } from "./settings.ts";

/** Settings that are missing or wrong; one line each, naming no secret. */
export class ConfigError extends Error {
  /** The error's name. */
  override readonly name = "ConfigError";
  /** One line a fault: the variable, its value unless secret, and what is allowed. */
  readonly faults: readonly string[];

  /**
   * Makes the error of one or more faults.
   *
   * @param faults One line each.
   */
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/**
 * Reads and checks every setting. A variable that is empty counts as absent.
 *
 * @param env Gives the text of a variable, `undefined` for an absent one.
 * @throws {ConfigError} with every fault.
 *
 * @example
 * ```ts
 * import { readConfig } from "@s3-edge-cache/proxy";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => readConfig(() => undefined), /UPSTREAM_ENDPOINT is missing/);
 * ```
 */
export function readConfig(env: (name: string) => string | undefined): Config {
  const faults: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    values[name] = readSetting(name, SETTINGS[name], env(name), faults);
  }
  const config = values as Config;
  if (config.CACHE_MAX_SIZE_BYTES < config.CACHE_MAX_OBJECT_SIZE_BYTES) {
    faults.push(
      `CACHE_MAX_SIZE_BYTES=${config.CACHE_MAX_SIZE_BYTES} is less than ` +
        `CACHE_MAX_OBJECT_SIZE_BYTES=${config.CACHE_MAX_OBJECT_SIZE_BYTES}; ` +
        "allowed: at least the largest object",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function readSetting(
  name: SettingName,
  setting: Setting<unknown>,
  given: string | undefined,
  faults: string[],
): unknown {
  const text = given === undefined || given === "" ? setting.default : given;
  const { allowed } = setting.kind;
  if (text === undefined) {
    if (setting.required) faults.push(`${name} is missing; allowed: ${allowed}`);
    return undefined;
  }
  const value = setting.kind.parse(text);
  if (value === undefined) faults.push(`${name}=${shown(setting, text)}; allowed: ${allowed}`);
  return value;
}

/** The text as a message may show it: on one line, bounded, and no secret. */
function shown(setting: Setting<unknown>, text: string): string {
  if (setting.secret) return "(secret)";
  if (/[@?#]/.test(text)) return "(not shown, it may hold a secret)";
  return JSON.stringify(text.length > 200 ? text.slice(0, 200) + "…" : text);
}
