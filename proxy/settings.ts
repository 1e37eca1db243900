/**
 * The settings: one table, from which the configuration is read, `--help` is printed and the
 * README's table is checked.
 *
 * @module
 */
import { LOG_LEVELS } from "@s3-edge-cache/telemetry";
import type { Config, SettingName } from "./config_values.ts";
import {
  address,
  addressOrOff,
  boolean,
  domain,
  endpointUrl,
  headerFields,
  hostNames,
  integer,
  oneOf,
  path,
  price,
  type Setting,
  type SettingKind,
  share,
  token,
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

export type { Config, SettingName };

/** Every setting by the name of its environment variable, in the order of the manual. */
export const SETTINGS: { readonly [N in SettingName]: Setting<Config[N]> } = {
  LISTEN_ADDR: withDefault(address, "0.0.0.0:8080", "address of the S3 listener"),
  HTTP_FRONT: withDefault(
    oneOf("wire", "serve"),
    "wire",
    "wire: HTTP/1.1 at the least cost; serve: Deno.serve, which speaks HTTP/2 in clear too",
  ),
  UPSTREAM_ENDPOINT: required(
    endpointUrl,
    "S3 endpoint URL, http or https, a path prefix allowed",
  ),
  UPSTREAM_ACCESS_KEY_ID: required(token, "access key id of the proxy at the origin"),
  UPSTREAM_SECRET_ACCESS_KEY: requiredSecret(token, "its secret"),
  UPSTREAM_SESSION_TOKEN: {
    ...optional(token, "for temporary upstream credentials"),
    secret: true,
  },
  UPSTREAM_REGION: withDefault(token, "us-east-1", "region it signs for, and clients with it"),
  CLIENT_ACCESS_KEY_ID: required(token, "access key id that clients sign with"),
  CLIENT_SECRET_ACCESS_KEY: requiredSecret(token, "its secret"),
  CACHE_ENABLED: withDefault(boolean, "true", "false: everything is forwarded"),
  CACHE_DRYRUN: withDefault(
    boolean,
    "false",
    "fill and look up the cache, compare it with the origin, and serve the origin's answers",
  ),
  CACHE_VERIFY_SAMPLE: withDefault(
    share,
    "0",
    "share of hits, 0 to 1, that is checked against the origin after the answer",
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
    "age after which an entry is no longer served unasked, but revalidated",
  ),
  CACHE_STALE_IF_ERROR_SECONDS: withDefault(
    integer(0),
    "0",
    "how long past its TTL an entry is served when the origin fails or can't be reached",
  ),
  CACHE_STALE_WHILE_REVALIDATE_SECONDS: withDefault(
    integer(0),
    "0",
    "how long past its TTL an entry is served while the origin is asked about it",
  ),
  CACHE_WHOLE_OBJECT_MAX_BYTES: withDefault(
    integer(0),
    "1048576",
    "an object known to be no larger is fetched whole when a range of it is read",
  ),
  CACHE_CHECK_MD5: withDefault(
    boolean,
    "true",
    "an ETag that is an MD5 is held against the body before that is kept",
  ),
  WORKER_THREADS: withDefault(
    integer(1, 256),
    "4",
    "request workers on one port, one shared cache",
  ),
  VIRTUAL_HOST_DOMAIN: optional(
    domain,
    "bucket.DOMAIN host names address buckets (the port is ignored)",
  ),
  ADMIN_ADDR: withDefault(
    addressOrOff,
    "127.0.0.1:9090",
    "health checks, metrics, dashboard; off for none",
  ),
  ADMIN_ALLOWED_HOSTS: withDefault(
    hostNames,
    "localhost",
    "names that the admin listener answers to, beside its address",
  ),
  UPSTREAM_PRICE_PER_GB: withDefault(
    price,
    "0.09",
    "what a GB from the origin costs; the dashboard multiplies by it",
  ),
  UPSTREAM_PRICE_PER_1000_REQUESTS: withDefault(
    price,
    "0.0004",
    "what 1000 requests to the origin cost",
  ),
  UPSTREAM_UNREACHABLE_LIMIT_SECONDS: withDefault(
    integer(0, 86_400),
    "30",
    "how long the origin may be unreachable before /readyz is 503; 0: for ever",
  ),
  OTEL_GRPC_ENDPOINT_URL: optional(endpointUrl, "collector that takes metrics by OTLP over gRPC"),
  OTEL_EXPORTER_OTLP_HEADERS: {
    ...optional(headerFields, "what it is sent along, such as api-key=SECRET,tenant=me"),
    secret: true,
  },
  OTEL_METRIC_EXPORT_INTERVAL: withDefault(
    integer(100, 86_400_000),
    "60000",
    "how often it is sent them, in milliseconds",
  ),
  PROMETHEUS_TEXTFILE_DIR: optional(
    path,
    "directory for the text file of node_exporter, written by rename every 10 seconds",
  ),
  ACCESS_LOG: withDefault(
    oneOf("off", "json"),
    "off",
    "json writes one line a request to stdout",
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
  UPSTREAM_MAX_CONNECTIONS: withDefault(
    integer(1, 65_535),
    "1024",
    "connections to the origin at a time; a request waits for one as long as to connect",
  ),
  CLIENT_IDLE_TIMEOUT_SECONDS: withDefault(
    integer(1, 86_400),
    "60",
    "longest silence of a client: within a request, between two, or not reading its answer",
  ),
  LOST_WRITE_GRACE_SECONDS: withDefault(
    integer(0, 86_400),
    "60",
    "how long what a write concerns stays uncached after its answer was lost",
  ),
  DRAIN_TIMEOUT_SECONDS: withDefault(
    integer(0, 86_400),
    "30",
    "how long SIGTERM waits for requests that run",
  ),
  LOG_LEVEL: withDefault(
    oneOf(...LOG_LEVELS),
    "info",
    "least level of the event log on stderr: debug, info, warn, error",
  ),
};
