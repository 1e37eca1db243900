/**
 * The proxy as a whole: the memory that its workers share, the workers, the admin listener, the
 * end of all.
 *
 * @module
 */
import { CacheKeeper, type CacheStats } from "@s3-edge-cache/cache";
import { createLog, createTallyMemory, type Figures, type Log } from "@s3-edge-cache/telemetry";
import { adminFront, type AdminParts } from "./admin.ts";
import { configuredMemory } from "./cache_memory.ts";
import { startExporters } from "./exporters.ts";
import { readFigures } from "./read_figures.ts";
import { startRequestWorker } from "./request_worker.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";
import { createOutputMemory, createQueues, type HandOver, Output } from "./output.ts";
import { type CrewParts, WorkerCrew } from "./worker_crew.ts";

/** A proxy that takes requests. */
export interface RunningProxy extends AsyncDisposable {
  /** URL of the S3 listener. */
  readonly url: string;
  /** URL of the admin listener; `undefined` where it is off. */
  readonly adminUrl: string | undefined;
  /** A moment's figures of the cache; `undefined` where it is off. */
  stats(): CacheStats | undefined;
  /** A moment's figures of everything. */
  figures(): Figures;
  /**
   * Settles when a worker hangs for half a minute: nothing but the end of the process ends it, its
   * connections, and its part of those to come.
   */
  readonly broken: Promise<void>;
  /**
   * Stops accepting, lets what runs end for as long as the configuration says, and closes every
   * connection. Further calls wait for the same end.
   */
  drain(): Promise<void>;
}

/** Parts of a proxy that may be others than the usual ones. */
export interface ProxyParts {
  /** The module that runs in each of several workers; it imports `@s3-edge-cache/proxy/worker`. */
  readonly worker?: URL;
}

/** Those who answer requests, one or many. */
export interface Crew {
  /** Where they listen. */
  readonly address: Address;
  /** Settles when one of them hangs. */
  readonly broken: Promise<void>;
  /** A moment's figures of the cache. */
  stats(): CacheStats | undefined;
  /** Lets what runs end. */
  drain(): Promise<void>;
}

/**
 * Starts the proxy.
 *
 * @param config The settings.
 * @param others Parts in place of the usual ones.
 * @returns The proxy, listening.
 * @throws {ConfigError} if what a setting names is not there.
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.serve` if it can't listen.
 */
export async function startProxy(
  config: Config,
  others: ProxyParts = {},
): Promise<RunningProxy> {
  const startedAt = Date.now();
  const { log, output, parts } = openOutput(config);
  const { tallies } = parts;
  const crew = config.WORKER_THREADS === 1
    ? startAlone(parts)
    : await WorkerCrew.start({ ...parts, worker: others.worker });
  const figures = () => readFigures(config, tallies, crew.stats(), startedAt);
  const exporters = await startExporters(config, figures, log).catch(async (error) => {
    await crew.drain();
    throw error;
  });
  let ready = true;
  const admin = config.ADMIN_ADDR === "off"
    ? undefined
    : listenAdmin(config.ADMIN_ADDR, { isReady: () => ready, figures }, log);
  const url = urlOf(crew.address);
  const adminUrl = admin && urlOf(admin.addr);
  const { UPSTREAM_ENDPOINT: upstream, WORKER_THREADS: workers } = config;
  log("info", "listening", { url, admin: adminUrl, upstream, workers });
  let drained: Promise<void> | undefined;
  const drain = async () => {
    ready = false;
    log("info", "draining");
    await crew.drain();
    await exporters.stop();
    await admin?.shutdown();
    log("info", "stopped");
    await output.flush();
  };
  const drainOnce = () => drained ??= drain();
  return {
    url,
    adminUrl,
    stats: () => crew.stats(),
    figures,
    broken: crew.broken,
    drain: drainOnce,
    [Symbol.asyncDispose]: drainOnce,
  };
}

/** The streams that the proxy writes, and what its workers need to write them too. */
function openOutput(config: Config): { log: Log; output: Output; parts: CrewParts } {
  const memory = createOutputMemory();
  const sinks = { access: Deno.stdout, events: Deno.stderr };
  const output: Output = new Output(memory, sinks, (stream, error) => {
    if (stream === "access") log("error", "the access log can't be written", { error: `${error}` });
  });
  const handOver: HandOver = (stream, lines) => output.handOver(stream, lines);
  const { events } = createQueues(memory, handOver, () => {});
  const write = (line: string) => {
    events.add(line);
    events.flush();
  };
  const log = createLog({ level: config.LOG_LEVEL, write, now: Date.now });
  const tallies = createTallyMemory(config.WORKER_THREADS + 1);
  return { log, output, parts: { config, log, tallies, output: memory, handOver } };
}

/** One worker, in this isolate. */
function startAlone({ config, tallies, output, handOver }: CrewParts): Crew {
  const memory = configuredMemory(config);
  if (memory !== undefined) new CacheKeeper(memory).open();
  const address = config.LISTEN_ADDR;
  const worker = startRequestWorker({
    config,
    number: 0,
    memory,
    tallies,
    output,
    address,
    shared: false,
  }, handOver);
  return {
    address: worker.address,
    broken: new Promise(() => {}),
    stats: () => worker.cache?.stats(),
    drain: () => worker.drain(),
  };
}

function listenAdmin(
  address: Address,
  parts: AdminParts,
  log: Log,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({
    ...address,
    onListen: () => {},
    onError: (error) => {
      log("error", "admin request failed", { error: String(error) });
      return new Response(null, { status: 500 });
    },
  }, adminFront(parts));
}

function urlOf({ hostname, port }: Address): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
