/**
 * The proxy as a running server: its parts put together, its listeners, its end.
 *
 * @module
 */
import { openCache, type SharedCache } from "@s3-edge-cache/cache";
import { createLog, type Log } from "@s3-edge-cache/telemetry";
import { HttpUpstreamClient, parseEndpoint, UPSTREAM_DEFAULTS } from "@s3-edge-cache/upstream";
import { adminFront } from "./admin.ts";
import { type EntryRecord, entryRecordCodec } from "./entry_record.ts";
import { createGate } from "./gate.ts";
import { serveFront } from "./front.ts";
import { createPipeline, type PipelineParts } from "./pipeline.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";

/** A proxy that takes requests. */
export interface RunningProxy extends AsyncDisposable {
  /** URL of the S3 listener. */
  readonly url: string;
  /** URL of the admin listener; `undefined` where it is off. */
  readonly adminUrl: string | undefined;
  /** The cache; `undefined` where it is off. */
  readonly cache: SharedCache<EntryRecord> | undefined;
  /**
   * Stops accepting, lets what runs end for as long as the configuration says, and closes every
   * connection. Further calls wait for the same end.
   */
  drain(): Promise<void>;
}

/**
 * Starts the proxy.
 *
 * @param config The settings.
 * @returns The proxy, listening.
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.serve` if it can't listen.
 */
export function startProxy(config: Config): RunningProxy {
  const log = createLog({ level: config.LOG_LEVEL, write: console.error, now: Date.now });
  const cache = config.CACHE_ENABLED ? createCache(config) : undefined;
  const upstream = createUpstream(config);
  const gate = createGate(createPipeline(pipelineParts(config, cache, upstream, log)));
  let ready = true;
  const server = listen(config.LISTEN_ADDR, serveFront(gate.handler), log);
  const admin = config.ADMIN_ADDR === "off"
    ? undefined
    : listen(config.ADMIN_ADDR, adminFront(() => ready), log);
  const url = urlOf(server);
  log("info", "listening", {
    url,
    admin: admin && urlOf(admin),
    upstream: config.UPSTREAM_ENDPOINT,
  });
  let drained: Promise<void> | undefined;
  const drain = async () => {
    ready = false;
    log("info", "draining");
    const ended = gate.shut().then(() => server.shutdown());
    await within(ended, config.DRAIN_TIMEOUT_SECONDS * 1000, log);
    await Promise.all([upstream.close(), admin?.shutdown()]);
    log("info", "stopped");
  };
  return {
    url,
    adminUrl: admin && urlOf(admin),
    cache,
    drain: () => drained ??= drain(),
    async [Symbol.asyncDispose]() {
      await this.drain();
    },
  };
}

function pipelineParts(
  config: Config,
  cache: SharedCache<EntryRecord> | undefined,
  upstream: HttpUpstreamClient,
  log: Log,
): PipelineParts {
  return {
    credentials: {
      accessKeyId: config.CLIENT_ACCESS_KEY_ID,
      secretAccessKey: config.CLIENT_SECRET_ACCESS_KEY,
    },
    region: config.UPSTREAM_REGION,
    addressing: { virtualHostDomain: config.VIRTUAL_HOST_DOMAIN },
    cache,
    upstream,
    log,
    now: Date.now,
    clientIdleMs: config.CLIENT_IDLE_TIMEOUT_SECONDS * 1000,
    lostWriteGraceMs: config.LOST_WRITE_GRACE_SECONDS * 1000,
  };
}

type Server = Deno.HttpServer<Deno.NetAddr>;

function listen(address: Address, handler: Deno.ServeHandler<Deno.NetAddr>, log: Log): Server {
  return Deno.serve({
    ...address,
    onListen: () => {},
    onError: (error) => {
      log("error", "request failed", { error: error instanceof Error ? error.stack : `${error}` });
      return new Response(null, { status: 500 });
    },
  }, handler);
}

/** Waits for running requests to end; after `limitMs` those that are left will be cut. */
async function within(ended: Promise<void>, limitMs: number, log: Log): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limitMs);
  });
  const first = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (first === "late") log("warn", "requests cut at the drain limit", { limitMs });
}

function createCache(config: Config): SharedCache<EntryRecord> {
  return openCache<EntryRecord>({
    maxBytes: config.CACHE_MAX_SIZE_BYTES,
    maxEntries: config.CACHE_MAX_ENTRIES,
    maxObjectBytes: config.CACHE_MAX_OBJECT_SIZE_BYTES,
    ttlMs: config.CACHE_TTL_SECONDS * 1000,
    shards: config.CACHE_SHARDS,
    codec: entryRecordCodec,
  });
}

function createUpstream(config: Config): HttpUpstreamClient {
  return new HttpUpstreamClient({
    ...UPSTREAM_DEFAULTS,
    endpoint: parseEndpoint(config.UPSTREAM_ENDPOINT),
    credentials: {
      accessKeyId: config.UPSTREAM_ACCESS_KEY_ID,
      secretAccessKey: config.UPSTREAM_SECRET_ACCESS_KEY,
      sessionToken: config.UPSTREAM_SESSION_TOKEN,
    },
    region: config.UPSTREAM_REGION,
    connectTimeoutMs: config.UPSTREAM_CONNECT_TIMEOUT_SECONDS * 1000,
    firstByteTimeoutMs: config.UPSTREAM_FIRST_BYTE_TIMEOUT_SECONDS * 1000,
    idleTimeoutMs: config.UPSTREAM_IDLE_TIMEOUT_SECONDS * 1000,
    maxConnections: config.UPSTREAM_MAX_CONNECTIONS,
  });
}

function urlOf(server: Server): string {
  const { hostname, port } = server.addr;
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
