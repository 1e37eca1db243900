/**
 * The settings: one table, from which the configuration is read, `--help` is printed and the
 * README's table is checked.
 *
 * @module
 */
import {
  address,
  addressOrOff,
  boolean,
  domain,
  endpointUrl,
  integer,
  oneOf,
  type Setting,
  type SettingKind,
  text,
  unavailable,
} from "./setting.ts";

function required<T>(kind: SettingKind<T>, meaning: string): Setting<T> {
  return { kind, default: undefined, required: true, secret: false, meaning };
}

function requiredSecret<T>(kind: SettingKind<T>, meaning: string): Setting<T> {
  return { ...required(kind, meaning), secret: true };
}

function optional<T>(kind: SettingKind<T>, meaning: string): Setting<T | undefined> {
  return { kind, default: undefined, required: false, secret: false, meaning };
}

function withDefault<T>(kind: SettingKind<T>, value: string, meaning: string): Setting<T> {
  return { kind, default: value, required: false, secret: false, meaning };
}

/** Every setting by the name of its environment variable, in the order of the manual. */
export const SETTINGS = {
  LISTEN_ADDR: withDefault(address, "0.0.0.0:8080", "address of the S3 listener"),
  UPSTREAM_ENDPOINT: required(
    endpointUrl,
    "S3 endpoint URL, http or https, a path prefix allowed",
  ),
  UPSTREAM_ACCESS_KEY_ID: required(text, "access key id of the proxy at the origin"),
  UPSTREAM_SECRET_ACCESS_KEY: requiredSecret(text, "its secret"),
  UPSTREAM_SESSION_TOKEN: {
    ...optional(text, "for temporary upstream credentials"),
    secret: true,
  },
  UPSTREAM_REGION: withDefault(text, "us-east-1", "region it signs for, and clients with it"),
  CLIENT_ACCESS_KEY_ID: required(text, "access key id that clients sign with"),
  CLIENT_SECRET_ACCESS_KEY: requiredSecret(text, "its secret"),
  CACHE_ENABLED: withDefault(boolean, "true", "false: everything is forwarded"),
  CACHE_DRYRUN: withDefault(
    oneOf("false", "0"),
    "false",
    "verify instead of serve; not in this version",
  ),
  CACHE_SHARDS: withDefault(
    integer(1, 4096),
    "16",
    "independent S3-FIFO shards over which keys are spread; the byte bound is one for all",
  ),
  CACHE_MAX_ENTRIES: withDefault(integer(1, 16_777_216), "10000", "entries in all shards together"),
  CACHE_MAX_SIZE_BYTES: withDefault(
    integer(1),
    "1073741824",
    "a hard bound, metadata included",
  ),
  CACHE_MAX_OBJECT_SIZE_BYTES: withDefault(
    integer(1),
    "10485760",
    "larger objects stream through",
  ),
  CACHE_TTL_SECONDS: withDefault(
    integer(1),
    "86400",
    "age after which an entry is no longer served unasked",
  ),
  WORKER_THREADS: withDefault(
    integer(1, 256),
    "4",
    "request workers on one port; this version runs one",
  ),
  VIRTUAL_HOST_DOMAIN: optional(
    domain,
    "bucket.DOMAIN host names address buckets (the port is ignored)",
  ),
  ADMIN_ADDR: withDefault(
    addressOrOff,
    "127.0.0.1:9090",
    "health checks; off for none",
  ),
  OTEL_GRPC_ENDPOINT_URL: optional(unavailable, "OTLP/gRPC metrics; not in this version"),
  PROMETHEUS_TEXTFILE_DIR: optional(
    unavailable,
    "node_exporter text file, written by rename; not in this version",
  ),
  ACCESS_LOG: withDefault(
    oneOf("off"),
    "off",
    "json writes one line a request to stdout; not in this version",
  ),
  UPSTREAM_CONNECT_TIMEOUT_SECONDS: withDefault(
    integer(1, 86_400),
    "5",
    "longest wait for a connection to the origin",
  ),
  UPSTREAM_FIRST_BYTE_TIMEOUT_SECONDS: withDefault(
    integer(1, 86_400),
    "60",
    "longest wait for the head of an answer",
  ),
  UPSTREAM_IDLE_TIMEOUT_SECONDS: withDefault(
    integer(1, 86_400),
    "60",
    "longest silence within a body",
  ),
  DRAIN_TIMEOUT_SECONDS: withDefault(
    integer(0, 86_400),
    "30",
    "how long SIGTERM waits for requests that run",
  ),
  LOG_LEVEL: withDefault(
    oneOf("debug", "info", "warn", "error"),
    "info",
    "least level of the event log on stderr: debug, info, warn, error",
  ),
} as const;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The checked value of every setting by its name. */
export type Config = {
  readonly [N in SettingName]: (typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
};
