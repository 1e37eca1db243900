/**
 * One setting: how its text is read, what it is without one, what it means.
 *
 * @module
 */
import { parseEndpoint } from "@s3-edge-cache/upstream";

/** How a setting's text becomes its value. */
export interface SettingKind<T> {
  /** What is allowed, in words that complete "allowed: ". */
  readonly allowed: string;
  /** The value, or `undefined` if the text is not allowed. */
  parse(text: string): T | undefined;
}

/** A setting of the environment. */
export interface Setting<T> {
  /** How its text is read. */
  readonly kind: SettingKind<T>;
  /** The text that stands for an absent variable; `undefined` where there is none. */
  readonly default: string | undefined;
  /** Whether the proxy can't start without it. */
  readonly required: boolean;
  /** Whether its text must never be shown. */
  readonly secret: boolean;
  /** One line for people. */
  readonly meaning: string;
}

/** A host and a port to listen on. */
export interface Address {
  /** Host name or IP address, without brackets. */
  readonly hostname: string;
  /** Port, 0 for any free one. */
  readonly port: number;
}

/** What can stand in a header field: printable ASCII without spaces. */
export const token: SettingKind<string> = {
  allowed: "printable ASCII characters without spaces and line breaks",
  parse: (value) => /^[\x21-\x7e]+$/.test(value) ? value : undefined,
};

/** A switch. */
export const boolean: SettingKind<boolean> = {
  allowed: "true, false, 1 or 0",
  parse: (value) => ({ true: true, "1": true, false: false, "0": false })[value.toLowerCase()],
};

/** A whole number of at least `min` and at most `max`. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): SettingKind<number> {
  const upTo = max === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${max}`;
  return {
    allowed: `a whole number of at least ${min}${upTo}`,
    parse: (value) => {
      const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** `host:port`, `[::1]:port` or `:port` (every address of the machine). */
export const address: SettingKind<Address> = {
  allowed: "host:port with a port from 0 to 65535, such as 127.0.0.1:8080 or [::1]:8080",
  parse: parseAddress,
};

/** An address, or `off`. */
export const addressOrOff: SettingKind<Address | "off"> = {
  allowed: "host:port with a port from 0 to 65535, or off",
  parse: (value) => value === "off" ? "off" : parseAddress(value),
};

/** An http or https URL without credentials, query or fragment. */
export const endpointUrl: SettingKind<string> = {
  allowed: "an http or https URL without credentials, query and fragment",
  parse: (value) => {
    try {
      parseEndpoint(value);
      return value;
    } catch {
      return undefined;
    }
  },
};

/** A domain name. */
export const domain: SettingKind<string> = {
  allowed: "a domain name without a port, such as s3.example.com",
  parse: (value) => {
    const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    return new RegExp(`^${label}(?:\\.${label})*$`).test(value) ? value : undefined;
  },
};

/** A part of a whole. */
export const share: SettingKind<number> = {
  allowed: "a decimal number from 0 to 1, such as 0.01",
  parse: (value) => /^(0|1|0\.\d{1,12}|1\.0+)$/.test(value) ? Number(value) : undefined,
};

/** An amount of money, not below 0. */
export const price: SettingKind<number> = {
  allowed: "a decimal number of at least 0, such as 0.09",
  parse: (value) => /^\d{1,9}(\.\d{1,12})?$/.test(value) ? Number(value) : undefined,
};

/** Host names, in lower case. */
export const hostNames: SettingKind<ReadonlySet<string>> = {
  allowed: "host names without ports, between commas",
  parse: (value) => {
    const names = value.toLowerCase().split(",").map((name) => name.trim());
    return names.every((name) => domain.parse(name) !== undefined) ? new Set(names) : undefined;
  },
};

/**
 * Header fields: names in lower case, values percent-decoded.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
 */
export const headerFields: SettingKind<ReadonlyMap<string, string>> = {
  allowed: "name=value between commas, each name once, values percent-encoded",
  parse: (value) => {
    const fields = new Map<string, string>();
    for (const pair of value.split(",").map((text) => text.trim())) {
      if (pair === "") continue;
      const field = parseField(pair);
      if (field === undefined || fields.has(field.name)) return undefined;
      fields.set(field.name, field.value);
    }
    return fields;
  },
};

/** A path in the file system. */
export const path: SettingKind<string> = {
  allowed: "a path without control characters",
  // deno-lint-ignore no-control-regex -- these are what it forbids
  parse: (value) => /[\x00-\x1f]/.test(value) ? undefined : value,
};

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): SettingKind<W> {
  return {
    allowed: words.join(", "),
    parse: (value) => words.find((word) => word === value),
  };
}

function parseAddress(value: string): Address | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(value);
  if (match === null || Number(match[3]) > 65535) return undefined;
  return { hostname: match[1] ?? (match[2] || "0.0.0.0"), port: Number(match[3]) };
}

/** Names that gRPC keeps for itself, and those that belong to the connection. */
const RESERVED = /^(grpc-.*|content-type|te|host|connection|transfer-encoding|content-length)$/;

function parseField(pair: string): { name: string; value: string } | undefined {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(.*)$/.exec(pair);
  if (match === null) return undefined;
  const name = match[1]!.toLowerCase();
  try {
    const value = decodeURIComponent(match[2]!);
    return RESERVED.test(name) || !/^[\x20-\x7e]*$/.test(value) ? undefined : { name, value };
  } catch {
    return undefined;
  }
}
