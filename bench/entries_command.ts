/**
 * `deno task bench entries`: a cache full of entries, what they take, and what the workers' event
 * loops notice of it.
 *
 * @module
 */
import { freePort } from "./child_process.ts";
import { LARGEST_BYTES } from "./content.ts";
import { Crowd } from "./crowd.ts";
import { fillDirectly } from "./direct_entries.ts";
import { Flags } from "./flags.ts";
import { startOriginProcess } from "./origin_process.ts";
import { proxySettings } from "./proxy_target.ts";
import { WatchedProcess } from "./watched_process.ts";

/** What `--help` prints. */
export const ENTRIES_USAGE =
  `Fills a cache, reads it back, has it evict, and purges it: bytes an entry, and the
longest pause of any worker in each.

Usage: deno task bench entries [flags]

  --entries N         objects (1000000)
  --size SIZE         of each (1KiB)
  --cache-size SIZE   CACHE_MAX_SIZE_BYTES (2GiB)
  --workers N         WORKER_THREADS (2)
  --connections N     connections that read (32)
  --direct            straight into a cache of this process, without proxy, network and read back:
                      seconds in place of minutes
  --pause N           milliseconds of work without a round of the event loop that are borne (50)

A pause is told twice: with all time but that for which other programs had the processors, and by
the work that was done in it. Every body is held against what the origin has. Exit status: 1 if a
body is wrong, the cache asked the origin for what it held, or a worker's work was longer; 2 for
wrong flags.
`;

const DEFAULTS = {
  entries: "1000000",
  size: "1KiB",
  "cache-size": "2GiB",
  workers: "2",
  connections: "32",
  pause: "50",
} as const;

/** The share of the entries that are evicted by new ones. */
const EVICTED = 0.1;

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags; {Error} if something does not come up, or a body is wrong.
 */
export async function entriesCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, DEFAULTS, ["direct"]);
  const entries = flags.integers("entries", 1, 16_777_216)[0]!;
  const size = flags.size("size", 1, LARGEST_BYTES);
  const cacheBytes = flags.size("cache-size", 10 * 2 ** 20, 2 ** 40);
  const workers = flags.integers("workers", 2, 64)[0]!;
  const connections = flags.integers("connections", 1, 1_000)[0]!;
  const most = flags.number("pause", 0, 10_000);
  if (flags.has("direct")) {
    return await fillDirectly({ entries, size, cacheBytes }) <= most ? 0 : 1;
  }
  await using origin = await startOriginProcess(0, "multipart");
  const setup = { origin: origin.url, mode: "fill", workers, cacheBytes } as const;
  await using proxy = await WatchedProcess.start({
    ...proxySettings(setup, freePort()),
    CACHE_MAX_ENTRIES: String(entries),
    CACHE_MAX_OBJECT_SIZE_BYTES: String(Math.max(size, 1024)),
  });
  using crowd = await Crowd.open(proxy.url, connections);
  await crowd.read(keys(size, "warm", Math.min(1_000, Math.ceil(entries / 100))));
  await crowd.send("DELETE", "");
  const before = (await proxy.usage()).residentBytes;
  const phases = new Phases(proxy);
  await phases.run("filled", () => crowd.read(keys(size, "entry", entries)));
  const { entries: held, bytes } = await proxy.stats();
  const grown = (await proxy.usage()).residentBytes - before;
  const { reads } = await origin.calls();
  await phases.run("read back", () => crowd.read(keys(size, "entry", entries)));
  const again = (await origin.calls()).reads - reads;
  await phases.run("evicted", () => crowd.read(keys(size, "other", Math.ceil(entries * EVICTED))));
  await phases.run("purged", () => crowd.send("DELETE", ""));
  console.log(
    `an entry beyond its body: ${(bytes / held - size).toFixed(0)} bytes charged, ` +
      `${(grown / held - size).toFixed(0)} bytes resident; ` +
      `${entries - held} of ${entries} not held, ${again} reads of the origin when read back`,
  );
  return again <= entries - held && phases.longestWork <= most ? 0 : 1;
}

/** What is done with a proxy, one after the other, and what it noticed. */
class Phases {
  /** The longest work without a round of the event loop in any of them, in milliseconds. */
  longestWork = 0;
  readonly #proxy: WatchedProcess;

  constructor(proxy: WatchedProcess) {
    this.#proxy = proxy;
  }

  /** Runs one, and prints its figures. */
  async run(name: string, work: () => Promise<void>): Promise<void> {
    await this.#proxy.pauses();
    const start = performance.now();
    await work();
    const seconds = (performance.now() - start) / 1000;
    const { standing, working } = await this.#proxy.pauses();
    this.longestWork = Math.max(this.longestWork, working);
    const { entries, bytes } = await this.#proxy.stats();
    const { residentBytes } = await this.#proxy.usage();
    console.log(
      `${name}: ${seconds.toFixed(1)} s, longest pause ${standing.toFixed(1)} ms, ` +
        `work ${working.toFixed(1)} ms; ${entries} entries, ` +
        `${mebibytes(bytes)} MiB charged, ${mebibytes(residentBytes)} MiB resident`,
    );
  }
}

function* keys(size: number, name: string, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield `${size}/${name}-${i}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
