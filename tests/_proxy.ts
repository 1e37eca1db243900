/**
 * A proxy in this process before the strict in-memory origin, with a client for each.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  CACHE_DEFAULTS,
  CacheKeeper,
  type CacheLimits,
  createCacheMemory,
  SharedCache,
} from "@s3-edge-cache/cache";
import {
  createPipeline,
  type EntryRecord,
  entryRecordCodec,
  READ_DEFAULTS,
  type ReadRules,
  type RequestObserver,
  serveListener,
  type Verification,
  wireListener,
} from "@s3-edge-cache/proxy";
import { type Origin, type OriginOptions, startOrigin } from "@s3-edge-cache/sim";
import {
  HttpUpstreamClient,
  parseEndpoint,
  UPSTREAM_DEFAULTS,
  type UpstreamOptions,
} from "@s3-edge-cache/upstream";
import type { Log } from "@s3-edge-cache/telemetry";
import { TestClient } from "./_client.ts";
import { CLIENT_CREDENTIALS } from "./_credentials.ts";

export { CLIENT_CREDENTIALS };

/** What a test may choose; each has a default. */
export interface TestProxyOptions {
  readonly origin?: OriginOptions;
  readonly cache?: Partial<CacheLimits>;
  readonly upstream?: Partial<UpstreamOptions>;
  readonly virtualHostDomain?: string;
  /** Longest silence of a client within its body; a minute if not given. */
  readonly clientIdleMs?: number;
  readonly reads?: Partial<ReadRules>;
  /** How long a write goes on whose answer was lost; not at all if not given. */
  readonly lostWriteGraceMs?: number;
  /** How entries are held against the origin; not at all if not given. */
  readonly verification?: Verification;
  /** Hears of each request at its end. */
  readonly observe?: RequestObserver;
  /** What speaks HTTP with clients, where a test is about that. */
  readonly front?: "wire" | "serve";
  /** The proxy's clock, and that of its client. */
  readonly now?: () => number;
}

/** A proxy, its origin, and clients. */
export interface TestProxy extends AsyncDisposable {
  readonly url: string;
  readonly origin: Origin;
  readonly cache: SharedCache<EntryRecord>;
  /** Sends to the proxy with the client key. */
  readonly client: TestClient;
  /** Sends to the origin with the proxy's key. */
  readonly direct: TestClient;
  /** What was logged, one line an event. */
  readonly events: readonly string[];
}

/** How many workers share the cache of a test proxy; a run of the tests is for one number. */
export const WORKERS: number = Number(Deno.env.get("S3_EDGE_CACHE_TEST_WORKERS") ?? "1");

/** What speaks HTTP with clients; a run of the tests is for one front, `wire` or `serve`. */
const FRONT = Deno.env.get("S3_EDGE_CACHE_TEST_FRONT") ?? "wire";

/** One way to the same cache for each worker, all in this isolate. */
function attachWorkers(limits: Partial<CacheLimits> | undefined): SharedCache<EntryRecord>[] {
  const memory = createCacheMemory({ ...CACHE_DEFAULTS, ...limits }, WORKERS);
  new CacheKeeper(memory).open();
  const numbers = Array.from({ length: WORKERS }, (_, worker) => worker);
  return numbers.map((worker) => new SharedCache(memory, worker, entryRecordCodec));
}

/**
 * Starts a proxy, whose workers take requests in turns. At its end nothing may be left over: no
 * lease, no fill, no write; and the cache is audited.
 */
export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const now = options.now ?? Date.now;
  const origin = await startOrigin(options.origin);
  const caches = attachWorkers(options.cache);
  const upstream = new HttpUpstreamClient({
    ...UPSTREAM_DEFAULTS,
    endpoint: parseEndpoint(origin.url),
    credentials: origin.credentials,
    region: origin.region,
    ...options.upstream,
  });
  const events: string[] = [];
  const log: Log = (level, message, fields) => {
    events.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  };
  const clientIdleMs = options.clientIdleMs ?? 60_000;
  const pipelines = caches.map((cache) =>
    createPipeline({
      credentials: CLIENT_CREDENTIALS,
      region: "us-east-1",
      addressing: { virtualHostDomain: options.virtualHostDomain },
      cache,
      upstream,
      log,
      verification: options.verification,
      observe: options.observe,
      now,
      clientIdleMs,
      reads: { ...READ_DEFAULTS, ...options.reads },
      lostWriteGraceMs: options.lostWriteGraceMs ?? 0,
    })
  );
  let turn = 0;
  const listener = ((options.front ?? FRONT) === "serve" ? serveListener : wireListener)({
    address: { hostname: "127.0.0.1", port: 0 },
    shared: false,
    pipeline: (request) => pipelines[turn++ % WORKERS]!(request),
    idleMs: clientIdleMs,
    log,
  });
  const url = `http://127.0.0.1:${listener.address.port}`;
  const client = new TestClient(url, CLIENT_CREDENTIALS, now);
  const direct = new TestClient(origin.url, origin.credentials);
  const cache = caches[0]!;
  return {
    url,
    origin,
    cache,
    client,
    direct,
    events,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await direct[Symbol.asyncDispose]();
      origin.reset();
      await listener.drain();
      await upstream.close();
      await origin[Symbol.asyncDispose]();
      const { leases, fills, writes } = await cache.stats();
      assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
      await cache.audit();
    },
  };
}
