/**
 * `deno task bench kills`: workers die under load, in every way, one after the other.
 *
 * @module
 */
import { CheckedLoad, type Failure } from "./checked_load.ts";
import { residentBound } from "./churn_command.ts";
import { freePort } from "./child_process.ts";
import { Flags } from "./flags.ts";
import { startOriginProcess } from "./origin_process.ts";
import { proxySettings } from "./proxy_target.ts";
import { WatchedProcess } from "./watched_process.ts";
import { DEATHS } from "./worker_watch.ts";

/** What `--help` prints. */
export const KILLS_USAGE = `Has workers die under load, one every few seconds, and looks for harm.

Usage: deno task bench kills [flags]

  --seconds N      for how long (120)
  --every N        seconds from one death to the next (5)
  --deaths LIST    how, in turns (${DEATHS.join(",")})
  --workers N      WORKER_THREADS (4)
  --clients N      connections that read and write (32)

Exit status: 1 if a body is wrong or old, a request fails while no worker is dying, or anything is
left over: leases, fills, writes, files, memory; 2 for wrong flags.
`;

const DEFAULTS = {
  seconds: "120",
  every: "5",
  deaths: DEATHS.join(","),
  workers: "4",
  clients: "32",
} as const;

const CACHE_BYTES = 128 * 2 ** 20;

/** The heap of a worker that ran out of memory stays resident for a while, in bytes. */
const DEAD_HEAP_BYTES = 512 * 2 ** 20;

/** How long the proxy is given to come to rest at the end, in milliseconds. */
const REST_MS = 15_000;

/** Files that may be open at the end beyond those at the start: connections kept for later use. */
const SPARE_FILES = 64;

/** A death: from the order to the moment in which another worker listens. */
interface Dying {
  readonly from: number;
  readonly to: number;
}

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags; {Error} if something does not come up, or an answer is
 * wrong.
 */
export async function killsCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, DEFAULTS, []);
  const seconds = flags.number("seconds", 1, 86_400);
  const every = flags.number("every", 1, 3_600);
  const deaths = flags.words("deaths", DEATHS);
  const workers = flags.integers("workers", 2, 64)[0]!;
  const clients = flags.integers("clients", 1, 1_000)[0]!;
  await using origin = await startOriginProcess(0, "multipart");
  const setup = { origin: origin.url, mode: "fill", workers, cacheBytes: CACHE_BYTES } as const;
  await using proxy = await WatchedProcess.start({
    ...proxySettings(setup, freePort()),
    LOG_LEVEL: "warn",
  });
  const files = await proxy.openFiles();
  const load = new CheckedLoad(proxy.url);
  const running = load.run(clients);
  const dyings: Dying[] = [];
  const start = performance.now();
  const killing = async () => {
    for (let turn = 1; turn * every <= seconds; turn++) {
      await until(start + turn * every * 1000);
      const from = performance.now();
      const death = deaths[turn % deaths.length]!;
      await proxy.kill(turn % workers, death);
      dyings.push({ from, to: performance.now() });
      const took = (performance.now() - from).toFixed(0);
      console.error(`${death}: replaced after ${took} ms; ${load.reads} reads so far`);
    }
    load.end();
  };
  await Promise.all([killing(), running]);
  const dead = deaths.includes("memory") ? DEAD_HEAP_BYTES : 0;
  const bound = residentBound(CACHE_BYTES, workers) + dead;
  return await judge(proxy, load, dyings, { files, bound });
}

/** The failures that no death accounts for. */
export function unexplained(
  failures: readonly Failure[],
  dyings: readonly Dying[],
): readonly Failure[] {
  return failures.filter(({ from, to }) =>
    !dyings.some((dying) => to >= dying.from && from <= dying.to)
  );
}

async function judge(
  proxy: WatchedProcess,
  load: CheckedLoad,
  dyings: readonly Dying[],
  limits: { readonly files: number; readonly bound: number },
): Promise<number> {
  const wrong = unexplained(load.failures, dyings);
  for (const { reason } of wrong.slice(0, 5)) console.error(`failed without a death: ${reason}`);
  const deadline = performance.now() + REST_MS;
  let left = NaN;
  let files = NaN;
  do {
    await until(performance.now() + 200);
    const { leases, fills, writes } = await proxy.stats();
    left = leases + fills + writes;
    files = await proxy.openFiles();
  } while ((left > 0 || files > limits.files + SPARE_FILES) && performance.now() < deadline);
  const { residentBytes } = await proxy.usage();
  console.log(
    `${dyings.length} deaths, ${load.reads} reads and ${load.writes} writes right, ` +
      `${load.failures.length} failed, ${wrong.length} of them without a death; ` +
      `leases, fills and writes left over ${left}; files ${limits.files} at first, ${files} at the end; ` +
      `resident ${(residentBytes / 2 ** 20).toFixed(0)} MiB`,
  );
  const sound = wrong.length === 0 && left === 0 && files <= limits.files + SPARE_FILES &&
    residentBytes <= limits.bound;
  return sound ? 0 : 1;
}

function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}
