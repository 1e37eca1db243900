/**
 * The proxy as a whole: the memory that its workers share, the workers, the admin listener, the
 * end of all.
 *
 * @module
 */
import type { CacheStats } from "@s3-edge-cache/cache";
import { createLog, createTallyMemory, type Figures, type Log } from "@s3-edge-cache/telemetry";
import { startAdmin } from "./admin_listener.ts";
import type { Crew, CrewParts } from "./crew.ts";
import { startExporters } from "./exporters.ts";
import { startAlone } from "./lone_crew.ts";
import { createOutputMemory, createQueues, type HandOver, Output } from "./output.ts";
import { readFigures } from "./read_figures.ts";
import { RecentEvents } from "./recent_events.ts";
import type { Address } from "./setting.ts";
import type { Config } from "./settings.ts";
import { WorkerCrew } from "./worker_crew.ts";

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
  const { output, events, parts } = openOutput(config);
  const { log, tallies } = parts;
  await using begun = new AsyncDisposableStack();
  const started = await startCrew({ ...parts, worker: others.worker });
  const crew = begun.adopt(started, (crew) => crew.drain());
  const figures = () => readFigures(config, tallies, crew.stats(), startedAt);
  const exporters = await startExporters(config, figures, log);
  begun.defer(() => exporters.stop());
  let draining = false;
  const admin = config.ADMIN_ADDR === "off" ? undefined : startAdmin(config.ADMIN_ADDR, {
    ...parts,
    crew,
    figures,
    events: () => events.latest(),
    isDraining: () => draining,
  });
  // All is up: there is nothing to be undone any more.
  begun.move();
  const [url, adminUrl] = [urlOf(crew.address), admin && urlOf(admin.address)];
  tellStart(log, config, url, adminUrl);
  let drained: Promise<void> | undefined;
  const drain = async () => {
    draining = true;
    log("info", "draining");
    await crew.drain();
    await exporters.stop();
    await admin?.close();
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

/** One worker in this isolate, or several in their own. */
async function startCrew(parts: CrewParts): Promise<Crew> {
  return parts.config.WORKER_THREADS === 1 ? startAlone(parts) : await WorkerCrew.start(parts);
}

function tellStart(log: Log, config: Config, url: string, admin: string | undefined): void {
  const { UPSTREAM_ENDPOINT: upstream, WORKER_THREADS: workers } = config;
  log("info", "listening", { url, admin, upstream, workers });
}

/** The streams that the proxy writes, and what its workers need to write them too. */
function openOutput(config: Config): { output: Output; events: RecentEvents; parts: CrewParts } {
  const memory = createOutputMemory();
  const sinks = { access: Deno.stdout, events: Deno.stderr };
  const output: Output = new Output(memory, sinks, (stream, error) => {
    if (stream === "access") log("error", "the access log can't be written", { error: `${error}` });
  });
  const handOver: HandOver = (stream, lines) => output.handOver(stream, lines);
  const queues = createQueues(memory, handOver, () => {});
  const write = (line: string) => {
    queues.events.add(line);
    queues.events.flush();
  };
  const events = new RecentEvents();
  const log = events.through(createLog({ level: config.LOG_LEVEL, write, now: Date.now }));
  const tallies = createTallyMemory(config.WORKER_THREADS + 1);
  return { output, events, parts: { config, log, tallies, output: memory, handOver } };
}

function urlOf({ hostname, port }: Address): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
