/**
 * `deno task bench`: this proxy and its peers under load, in turns.
 *
 * @module
 */
import { Flags, UsageError } from "./flags.ts";
import { type Cell, runMatrix } from "./load_matrix.ts";
import { cellText, titleLine } from "./load_table.ts";
import { startOriginProcess } from "./origin_process.ts";
import { PEER_FLAGS, targetsOf } from "./peers.ts";
import { LARGEST_BYTES } from "./content.ts";

/** What `--help` prints. */
export const LOAD_USAGE =
  `Measures the proxy and its peers under load, in turns, each run in a fresh process.

Usage: deno task bench [flags]

  --sizes LIST         sizes of objects (1KiB,64KiB,1MiB,8MiB)
  --modes LIST         hit: from the cache; forward: cache off; fill: keys that never repeat
                       (hit,forward,fill)
  --workers LIST       WORKER_THREADS, and workers of the peers (1)
  --rounds N           runs of each target; figures are medians (3)
  --seconds N          length of a run (4)
  --warmup N           seconds of load before it, up to six times on a busy machine (2)
  --connections N      connections of the load generator, wrk (64)
  --threads N          its threads (1)
  --form FORM          where the signature stands: header or presigned (header)
  --etag FORM          the origin's ETags: md5, or multipart (md5)
  --cache-size SIZE    CACHE_MAX_SIZE_BYTES (256MiB)
  --no-nginx           leave nginx out
  --peer NAME=URL      an S3 endpoint on this machine that runs already, over the origin at
                       --origin-port, for the bench's credentials (they are in signed_requests.ts)
  --peer-pid NAME=PID  its process, for processor time and memory
  --peer-command NAME=COMMAND
                       a program with the settings of this proxy, started anew for each run: the
                       Rust s3_cache, or deno task --quiet --cwd TREE start for another commit
  --origin-port N      port of the bench's origin; 0 for any free one (0)
  --json               one object in place of the table

--peer, --peer-pid and --peer-command may be repeated. CPU us is the processor time of all
processes of a target, user and system, in microseconds a request; ours/its is the proxy's over
that of the target, the median of the rounds. Exit status: 0; 1 if a target does not come up or a
run had errors; 2 for wrong flags.
`;

const DEFAULTS = {
  sizes: "1KiB,64KiB,1MiB,8MiB",
  modes: "hit,forward,fill",
  workers: "1",
  rounds: "3",
  seconds: "4",
  warmup: "2",
  connections: "64",
  threads: "1",
  form: "header",
  etag: "md5",
  "cache-size": "256MiB",
  "origin-port": "0",
  ...PEER_FLAGS,
} as const;

/**
 * Runs the command.
 *
 * @returns The exit status.
 * @throws {UsageError} for wrong flags; {Error} if something does not come up.
 */
export async function loadCommand(args: readonly string[]): Promise<number> {
  const flags = new Flags(args, DEFAULTS, ["no-nginx", "json"]);
  const options = {
    sizes: flags.sizes("sizes", 1, LARGEST_BYTES),
    modes: flags.words("modes", ["hit", "forward", "fill"]),
    workers: flags.integers("workers", 1, 64),
    rounds: flags.integers("rounds", 1, 100)[0]!,
    seconds: flags.integers("seconds", 1, 300)[0]!,
    warmup: flags.integers("warmup", 1, 60)[0]!,
    connections: flags.integers("connections", 1, 1_000)[0]!,
    threads: flags.integers("threads", 1, 64)[0]!,
    form: flags.word("form", ["header", "presigned"]),
    cacheBytes: flags.size("cache-size", 10 * 2 ** 20, 2 ** 36),
  };
  if (options.connections < options.threads) {
    throw new UsageError("--connections must be at least --threads");
  }
  const port = flags.number("origin-port", 0, 65_535);
  const etag = flags.word("etag", ["md5", "multipart"]);
  const directory = await Deno.makeTempDir({ prefix: "s3-edge-cache-bench" });
  const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
  const cells: Cell[] = [];
  try {
    const targets = await targetsOf(flags, directory, say);
    await using origin = await startOriginProcess(port, etag);
    if (!flags.has("json")) console.log(titleLine());
    for await (const cell of runMatrix(targets, options, origin, directory, say)) {
      cells.push(cell);
      if (!flags.has("json")) console.log(cellText(cell));
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  if (flags.has("json")) console.log(JSON.stringify({ options: { ...options, etag }, cells }));
  return cells.some(({ rows }) => rows.some(({ errors }) => errors > 0)) ? 1 : 0;
}
