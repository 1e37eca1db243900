/**
 * One request worker: the pipeline with its parts, its listener, its end. It runs in the isolate
 * that starts it: the only one, or a worker's.
 *
 * @module
 */
import { type CacheMemory, SharedCache } from "@s3-edge-cache/cache";
import type { Log, TallyMemory } from "@s3-edge-cache/telemetry";
import { HttpUpstreamClient, parseEndpoint, UPSTREAM_DEFAULTS } from "@s3-edge-cache/upstream";
import { type ComparisonObserver, tellComparisons } from "./comparison.ts";
import { type EntryRecord, entryRecordCodec } from "./entry_record.ts";
import type { Question, Recollection } from "./journal.ts";
import type { Listener } from "./listener.ts";
import { namingAddress } from "./naming_address.ts";
import type { HandOver } from "./output.ts";
import { createPipeline, type PipelineParts, type Verification } from "./pipeline.ts";
import type { Handler, RawRequest } from "./request.ts";
import { serveListener } from "./serve_listener.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";
import { wireListener } from "./wire/wire_listener.ts";
import { openTelemetry } from "./worker_telemetry.ts";

/** What a request worker is told; it can be posted. */
export interface RequestWorkerOptions {
  /** The settings. */
  readonly config: Config;
  /** Its number among the workers. */
  readonly number: number;
  /** What the workers share; `undefined` where the cache is off. */
  readonly memory: CacheMemory | undefined;
  /** What the workers count in. */
  readonly tallies: TallyMemory;
  /** How much of what they log waits to be written. */
  readonly output: SharedArrayBuffer;
  /** Where it listens. */
  readonly address: Address;
  /** Whether other workers listen there too. */
  readonly shared: boolean;
}

/** What the settings say of a pipeline. */
type PipelineSettings = Pick<
  PipelineParts,
  "credentials" | "region" | "addressing" | "clientIdleMs" | "lostWriteGraceMs" | "reads"
>;

/** A worker that takes requests. */
export interface RequestWorker {
  /** Where it listens. */
  readonly address: Address;
  /** Its way to the cache. */
  readonly cache: SharedCache<EntryRecord> | undefined;
  /** Tells what it remembers of its latest requests. */
  recollect(question: Question): Recollection;
  /** Stops accepting, and lets what runs end for as long as the settings say. */
  drain(): Promise<void>;
}

/**
 * Starts a request worker in this isolate.
 *
 * @param options What it is told.
 * @param handOver Takes the lines that it logs.
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.listen` if it can't listen.
 */
export function startRequestWorker(
  options: RequestWorkerOptions,
  handOver: HandOver,
): RequestWorker {
  const { config, memory, number } = options;
  const { tally, journal, log, observe, flush } = openTelemetry(options, handOver);
  const cache = memory && new SharedCache(memory, number, entryRecordCodec);
  const upstream = createUpstream(config);
  const pipeline = createPipeline({
    ...pipelineSettings(config),
    cache,
    upstream,
    log,
    verification: verification(config, tellComparisons(tally, log)),
    observe,
    now: Date.now,
  });
  const listener = listen(options, pipeline, log);
  return {
    address: listener.address,
    cache,
    recollect: (question) => journal.recollect(question),
    drain: async () => {
      await drainWithin(listener, config.DRAIN_TIMEOUT_SECONDS * 1000, log);
      await upstream.close();
      flush();
    },
  };
}

/** Listens by the front that the settings name. */
function listen(options: RequestWorkerOptions, pipeline: Handler<RawRequest>, log: Log): Listener {
  const { address, shared, config } = options;
  const listenBy = config.HTTP_FRONT === "wire" ? wireListener : serveListener;
  const idleMs = config.CLIENT_IDLE_TIMEOUT_SECONDS * 1000;
  return namingAddress(
    "LISTEN_ADDR",
    address,
    () => listenBy({ address, shared, pipeline, idleMs, log }),
  );
}

/** Waits for running requests to end; after `limitMs` those that are left are cut. */
async function drainWithin(listener: Listener, limitMs: number, log: Log): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limitMs);
  });
  const first = await Promise.race([listener.drain(), late]);
  clearTimeout(timer);
  if (first !== "late") return;
  log("warn", "requests cut at the drain limit", { limitMs });
  listener.cut();
}

function verification(config: Config, onCompared: ComparisonObserver): Verification | undefined {
  if (config.CACHE_DRYRUN) return { extent: "dry-run", onCompared };
  const { CACHE_VERIFY_SAMPLE: extent } = config;
  return extent === 0 ? undefined : { extent, onCompared };
}

function pipelineSettings(config: Config): PipelineSettings {
  return {
    credentials: {
      accessKeyId: config.CLIENT_ACCESS_KEY_ID,
      secretAccessKey: config.CLIENT_SECRET_ACCESS_KEY,
    },
    region: config.UPSTREAM_REGION,
    addressing: { virtualHostDomain: config.VIRTUAL_HOST_DOMAIN },
    clientIdleMs: config.CLIENT_IDLE_TIMEOUT_SECONDS * 1000,
    lostWriteGraceMs: config.LOST_WRITE_GRACE_SECONDS * 1000,
    reads: {
      staleIfErrorMs: config.CACHE_STALE_IF_ERROR_SECONDS * 1000,
      staleWhileRevalidateMs: config.CACHE_STALE_WHILE_REVALIDATE_SECONDS * 1000,
      wholeObjectBytes: config.CACHE_WHOLE_OBJECT_MAX_BYTES,
      checkMd5: config.CACHE_CHECK_MD5,
    },
  };
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
