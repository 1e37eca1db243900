/**
 * The values of the settings.
 *
 * @module
 */
import type { LogLevel } from "@s3-edge-cache/telemetry";
import type { Address } from "./setting.ts";

/** The checked value of every setting, by the name of its environment variable. */
export interface Config {
  /** Address of the S3 listener. */
  readonly LISTEN_ADDR: Address;
  /** What speaks HTTP with clients. */
  readonly HTTP_FRONT: "wire" | "serve";
  /** URL of the origin, as `parseEndpoint` takes it. */
  readonly UPSTREAM_ENDPOINT: string;
  /** Access key id of the proxy at the origin. */
  readonly UPSTREAM_ACCESS_KEY_ID: string;
  /** The secret of that key. */
  readonly UPSTREAM_SECRET_ACCESS_KEY: string;
  /** The session token of temporary upstream credentials. */
  readonly UPSTREAM_SESSION_TOKEN: string | undefined;
  /** The region that the proxy, and its clients, sign for. */
  readonly UPSTREAM_REGION: string;
  /** Access key id that clients sign with. */
  readonly CLIENT_ACCESS_KEY_ID: string;
  /** The secret of that key. */
  readonly CLIENT_SECRET_ACCESS_KEY: string;
  /** Whether there is a cache at all. */
  readonly CACHE_ENABLED: boolean;
  /** Whether entries are compared with the origin's answers and not served. */
  readonly CACHE_DRYRUN: boolean;
  /** The share of hits that is checked against the origin after the answer. */
  readonly CACHE_VERIFY_SAMPLE: number;
  /** Independent shards of the policy. */
  readonly CACHE_SHARDS: number;
  /** Most entries in all shards together. */
  readonly CACHE_MAX_ENTRIES: number;
  /** Most bytes held, bookkeeping included. */
  readonly CACHE_MAX_SIZE_BYTES: number;
  /** Most bytes of one body. */
  readonly CACHE_MAX_OBJECT_SIZE_BYTES: number;
  /** Age in seconds from which an entry is no longer served. */
  readonly CACHE_TTL_SECONDS: number;
  /** How long past its expiry an entry answers where the origin fails, in seconds. */
  readonly CACHE_STALE_IF_ERROR_SECONDS: number;
  /** How long past its expiry an entry answers while the origin is asked, in seconds. */
  readonly CACHE_STALE_WHILE_REVALIDATE_SECONDS: number;
  /** Size in bytes up to which an object is fetched whole where a range of it is read. */
  readonly CACHE_WHOLE_OBJECT_MAX_BYTES: number;
  /** Whether bodies are held against the MD5 that their ETag is, before they are kept. */
  readonly CACHE_CHECK_MD5: boolean;
  /** Request workers. */
  readonly WORKER_THREADS: number;
  /** Domain below which host names address buckets. */
  readonly VIRTUAL_HOST_DOMAIN: string | undefined;
  /** Address of the admin listener. */
  readonly ADMIN_ADDR: Address | "off";
  /** Host names that the admin listener answers to, beside addresses and `localhost`. */
  readonly ADMIN_ALLOWED_HOSTS: ReadonlySet<string>;
  /** What a GB from the origin costs. */
  readonly UPSTREAM_PRICE_PER_GB: number;
  /** What 1000 requests to the origin cost. */
  readonly UPSTREAM_PRICE_PER_1000_REQUESTS: number;
  /** How long the origin may be unreachable before the proxy is not ready, in seconds; 0: ever. */
  readonly UPSTREAM_UNREACHABLE_LIMIT_SECONDS: number;
  /** Where metrics go by OTLP; nowhere if not given. */
  readonly OTEL_GRPC_ENDPOINT_URL: string | undefined;
  /** Header fields that go along; none if not given. */
  readonly OTEL_EXPORTER_OTLP_HEADERS: ReadonlyMap<string, string> | undefined;
  /** How often they go there, in milliseconds. */
  readonly OTEL_METRIC_EXPORT_INTERVAL: number;
  /** Directory of the text file of metrics; there is none if not given. */
  readonly PROMETHEUS_TEXTFILE_DIR: string | undefined;
  /** The access log. */
  readonly ACCESS_LOG: "off" | "json";
  /** Longest wait for a connection to the origin, in seconds. */
  readonly UPSTREAM_CONNECT_TIMEOUT_SECONDS: number;
  /** Longest wait for the head of an answer, in seconds. */
  readonly UPSTREAM_FIRST_BYTE_TIMEOUT_SECONDS: number;
  /** Longest silence within a body, in seconds. */
  readonly UPSTREAM_IDLE_TIMEOUT_SECONDS: number;
  /** Most connections to the origin at a time. */
  readonly UPSTREAM_MAX_CONNECTIONS: number;
  /** Longest silence of a client: between requests, within one, or taking its answer; in seconds. */
  readonly CLIENT_IDLE_TIMEOUT_SECONDS: number;
  /** How long what a write concerns stays uncached after its answer was lost, in seconds. */
  readonly LOST_WRITE_GRACE_SECONDS: number;
  /** How long SIGTERM waits for requests that run, in seconds. */
  readonly DRAIN_TIMEOUT_SECONDS: number;
  /** The least level of the event log. */
  readonly LOG_LEVEL: LogLevel;
}

/** The name of a setting. */
export type SettingName = keyof Config;
