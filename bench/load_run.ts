/**
 * One run: a target, fresh, under load in one mode with objects of one size.
 *
 * @module
 */
import type { OriginProcess } from "./origin_process.ts";
import { RequestFile } from "./request_file.ts";
import type { SignatureForm } from "./signed_requests.ts";
import type { RunningTarget, Setup, Target } from "./target.ts";
import { runWrk, type WrkOptions, type WrkReport } from "./wrk.ts";

/** What a run is told besides. */
export interface LoadOptions {
  /** How long is measured, in seconds. */
  readonly seconds: number;
  /** How long a target warms up before, in seconds. */
  readonly warmup: number;
  /** Connections. */
  readonly connections: number;
  /** Threads of the load generator. */
  readonly threads: number;
  /** Where signatures stand. */
  readonly form: SignatureForm;
}

/** The figures of a run. */
export interface Figures {
  /** Answers a second. */
  readonly requestsPerSecond: number;
  /** The median of the latencies, in milliseconds. */
  readonly p50: number;
  /** What 99 of 100 latencies do not exceed, in milliseconds. */
  readonly p99: number;
  /** Processor time of all its processes, in microseconds a request. */
  readonly cpuMicroseconds: number | undefined;
  /** What it holds resident at the end, in bytes. */
  readonly residentBytes: number | undefined;
  /** Reads that the origin saw, a request. */
  readonly originReads: number;
  /** Answers with a status from 400, connections broken, signatures used again. */
  readonly errors: number;
}

/** What of a run's requests there are for, made once for all targets and rounds. */
export interface Load {
  /** Size of the objects in bytes. */
  readonly size: number;
  /** The requests of the warm-up. */
  readonly warm: RequestFile;
  /** Those of each round; when all are spent, the first are used again. */
  readonly measured: readonly RequestFile[];
}

/** Bytes of objects that a run of hits reads again and again, and the bounds on their number. */
const HIT_BYTES = 64 * 1024 * 1024;
const MOST_HIT_KEYS = 1_000;

/** Requests of a warm-up at least, of small objects; they may be sent again. */
const WARM_REQUESTS = 5_000;

/** How often a warm-up is repeated at most. */
const MOST_WARM_PARTS = 6;

/** How many more requests are held ready than the rate of the warm-up asks for. */
const RESERVE = 3;

/** Bytes of answers a second, and answers, for which requests are held ready at least. */
const LEAST_BYTES = 512 * 1024 * 1024;
const LEAST_ANSWERS = 12_000;

/**
 * Prepares requests.
 *
 * @param directory Where their files go.
 * @param rounds How many rounds need requests of their own.
 */
export function prepareLoad(
  directory: string,
  form: SignatureForm,
  mode: Setup["mode"],
  size: number,
  rounds: number,
): Load {
  const keys = Math.min(MOST_HIT_KEYS, Math.max(8, Math.floor(HIT_BYTES / size)));
  const file = (name: string) => {
    const path = `${directory}/${mode}-${size}-${name}`;
    const keyAt = (position: number) =>
      mode === "hit" ? `${size}/${position % keys}` : `${size}/${name}-${position}`;
    return new RequestFile(path, form, keyAt);
  };
  const measured = Array.from({ length: rounds }, (_, round) => file(`round${round}`));
  return { size, warm: file("warm"), measured };
}

/**
 * Starts a target and measures it.
 *
 * @returns `undefined` if it can't be run in this way.
 */
export async function runLoad(
  target: Target,
  setup: Setup,
  load: Load,
  round: number,
  options: LoadOptions,
  origin: OriginProcess,
): Promise<Figures | undefined> {
  await using running = await target.start(setup);
  if (running === undefined) return undefined;
  const wrk = (file: RequestFile, seconds: number): WrkOptions => {
    const { connections, threads } = options;
    return { url: running.url, requests: file.path, seconds, connections, threads };
  };
  await load.warm.hold(WARM_REQUESTS);
  const run = () => runWrk(wrk(load.warm, options.warmup));
  const warm = await warmUp(
    run,
    setup.mode,
    Math.min(WARM_REQUESTS, LEAST_BYTES / load.size),
    origin,
  );
  const rate = RESERVE * warm.requests / warm.microseconds * 1e6;
  const least = Math.min(LEAST_ANSWERS, LEAST_BYTES / load.size);
  const file = load.measured[round % load.measured.length]!;
  await file.hold(Math.ceil(Math.max(rate, least) * options.seconds) + options.connections);
  return await measure(running, origin, () => runWrk(wrk(file, options.seconds)));
}

/**
 * Warms a target up, as long as it takes on a busy machine: until it has answered as many requests
 * as its code needs to be compiled, and holds what is to be hit.
 *
 * @returns What the last part of it reported.
 */
async function warmUp(
  run: () => Promise<WrkReport>,
  mode: Setup["mode"],
  least: number,
  origin: OriginProcess,
): Promise<WrkReport> {
  let answered = 0;
  for (let part = 1;; part++) {
    const { reads } = await origin.calls();
    const report = await run();
    answered += report.requests;
    const filled = mode !== "hit" || (await origin.calls()).reads === reads;
    if ((filled && answered >= least) || part === MOST_WARM_PARTS) return report;
  }
}

async function measure(
  running: RunningTarget,
  origin: OriginProcess,
  run: () => Promise<WrkReport>,
): Promise<Figures> {
  const readsBefore = (await origin.calls()).reads;
  const before = await running.usage();
  const report = await run();
  const after = await running.usage();
  const reads = (await origin.calls()).reads - readsBefore;
  const { requests, microseconds, p50, p99, refused, broken, again } = report;
  return {
    requestsPerSecond: requests / microseconds * 1e6,
    p50: p50 / 1000,
    p99: p99 / 1000,
    cpuMicroseconds: after && before &&
      (after.cpuMicroseconds - before.cpuMicroseconds) / requests,
    residentBytes: after?.residentBytes,
    originReads: reads / requests,
    errors: refused + broken + again,
  };
}
