/**
 * `deno task bench churn`: objects of three sizes take turns in a cache that is too small for them.
 *
 * @module
 */
import { freePort, startServer } from "./child_process.ts";
import { Crowd } from "./crowd.ts";
import { Flags } from "./flags.ts";
import { startOriginProcess } from "./origin_process.ts";
import { proxySettings, startCommand } from "./proxy_target.ts";
import { formatSize } from "./size.ts";

/** What `--help` prints. */
export const CHURN_USAGE =
  `Drives objects of 1 MiB, 16 KiB and 1 KiB in turns through a small cache, and says
how much memory the proxy took at most.

Usage: deno task bench churn [flags]

  --total SIZE        bytes of objects in all (20GiB)
  --cache-size SIZE   CACHE_MAX_SIZE_BYTES (256MiB)
  --workers N         WORKER_THREADS (2)
  --connections N     connections that read (32)
  --command COMMAND   another program with the settings of this proxy

Every body is held against what the origin sent. Exit status: 0; 1 if a body is wrong or the peak of
resident memory is above 1.15 times the cache, 150 MiB and 60 MiB a worker; 2 for wrong flags.
`;

const DEFAULTS = {
  total: "20GiB",
  "cache-size": "256MiB",
  workers: "2",
  connections: "32",
  command: "deno",
} as const;

/** One after the other: the size of the objects, and their share of a turn. */
const PHASES: readonly (readonly [size: number, share: number])[] = [
  [2 ** 20, 1.25],
  [2 ** 14, 0.5],
  [2 ** 10, 0.0625],
];

const MIB = 2 ** 20;

/** The most that a process may have resident, in bytes. */
export function residentBound(cacheBytes: number, workers: number): number {
  return 1.15 * cacheBytes + (150 + 60 * workers) * MIB;
}

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags; {Error} if something does not come up, or a body is wrong.
 */
export async function churnCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, DEFAULTS, []);
  const total = flags.size("total", MIB, 2 ** 40);
  const cacheBytes = flags.size("cache-size", 16 * MIB, 2 ** 36);
  const workers = flags.integers("workers", 1, 64)[0]!;
  const connections = flags.integers("connections", 1, 1_000)[0]!;
  const given = flags.text("command");
  const command = given === DEFAULTS.command ? await startCommand() : given.split(/\s+/);
  await using origin = await startOriginProcess(0, "md5");
  const port = freePort();
  const env = proxySettings({ origin: origin.url, mode: "fill", workers, cacheBytes }, port);
  await using proxy = await startServer({ command, port, env });
  const before = await proxy.usage();
  using crowd = await Crowd.open(proxy.url, connections);
  const start = performance.now();
  for (let turn = 0, read = 0; read < total; turn++) {
    for (const [size, share] of PHASES) {
      const count = Math.ceil(cacheBytes * share / size);
      await crowd.read(Array.from({ length: count }, (_, i) => `${size}/${turn}-${i}`));
      read += count * size;
    }
    report(`turn ${turn}, ${(read / 2 ** 30).toFixed(1)} GiB`, await proxy.usage());
  }
  const after = await proxy.usage();
  const bound = residentBound(cacheBytes, workers);
  console.log(
    `${formatSize(total)} in ${((performance.now() - start) / 1000).toFixed(0)} s: ` +
      `resident ${mebibytes(before!.residentBytes)} MiB at first, ` +
      `${mebibytes(after!.peakBytes)} MiB at most, ${mebibytes(bound)} MiB allowed`,
  );
  return after!.peakBytes <= bound ? 0 : 1;
}

function report(
  what: string,
  usage: { residentBytes: number; peakBytes: number } | undefined,
): void {
  const { residentBytes, peakBytes } = usage!;
  console.error(
    `${what}: resident ${mebibytes(residentBytes)} MiB, at most ${mebibytes(peakBytes)} MiB`,
  );
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
