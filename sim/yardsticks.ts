/**
 * `deno task sim:yardsticks`: holds the policies against libCacheSim's.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { compare } from "./comparison.ts";
import { readCommandLine } from "./flags/command_line.ts";
import { plannedRequests, plannedWorkload } from "./plan.ts";
import { POLICY_NAMES, type PolicyName } from "./policies/policies.ts";
import { createProgress } from "./progress.ts";
import { exportTrace } from "./trace/export_trace.ts";

const USAGE = `Holds the policies against those of libCacheSim, on one trace.

Usage: deno task sim:yardsticks [--python PROGRAM] [--requests N] [--required] [--help]

  --python PROGRAM  a Python that has libcachesim of PyPI; E2E_PYTHON, else python3
  --requests N      length of the trace; 500000
  --required        a missing libcachesim is a failure and not skipped

Exit status: 0 if every hit rate is within 1 point, or libcachesim is missing; 1 if one is not; 2
for arguments that are wrong.
`;

/** Sizes of the caches: objects are at most 1 % of each, as W-TinyLFU of libCacheSim wants. */
const SIZES = [10_000_000, 20_000_000, 80_000_000];

/** How far a hit rate may be off, in points. */
const TOLERANCE = 1;

/** What the rules of libCacheSim are: bodies alone count, nothing grows old, one request at a time. */
const RULES = [
  `--cache-max-size=${SIZES.join()}`,
  `--policies=${POLICY_NAMES.join()}`,
  "--entry-overhead-bytes=0",
  "--cache-shards=1",
  "--cache-ttl-secs=1000000000",
  "--concurrency=1",
];

const silent = createProgress({
  terminal: false,
  interval: 0,
  source: { length: 0 },
  write: () => {},
});

/** A hit rate of one policy with one size. */
interface Rate {
  readonly policy: PolicyName;
  readonly maxBytes: number;
  /** 0 to 1. */
  readonly hitRate: number;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) return 2;
  if (options.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/zipf.oracleGeneral`;
    const { settings } = readCommandLine(["--num-requests", options.requests]);
    await exportTrace(path, plannedWorkload(settings), silent);
    const theirs = await theirRates(options.python, path);
    if (typeof theirs === "string") {
      console.error(`skipped: ${options.python} has no libcachesim: ${theirs}`);
      return options.required ? 1 : 0;
    }
    const commandLine = readCommandLine([...RULES, "--trace", path]);
    const ours = await compare(commandLine, await plannedRequests(commandLine), silent);
    return told(ours.runs, theirs) ? 0 : 1;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function parseOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        python: { type: "string", default: Deno.env.get("E2E_PYTHON") ?? "python3" },
        requests: { type: "string", default: "500000" },
        required: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    readCommandLine(["--num-requests", values.requests]);
    return values;
  } catch (error) {
    console.error((error as Error).message.replace("--num-requests", "--requests"));
    return undefined;
  }
}

/** What libCacheSim gives, or why it gives nothing. */
async function theirRates(python: string, path: string): Promise<readonly Rate[] | string> {
  const script = new URL("./testdata/libcachesim_rates.py", import.meta.url).pathname;
  try {
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [script, path, SIZES.join(), POLICY_NAMES.join()],
    }).output();
    const text = new TextDecoder().decode(success ? stdout : stderr).trim();
    return success ? JSON.parse(text) : text.split("\n").at(-1) ?? "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Prints both side by side; says whether all are near enough. */
function told(ours: readonly Rate[], theirs: readonly Rate[]): boolean {
  console.log("cache     policy      hit %  libCacheSim  difference");
  let near = true;
  for (const [i, { policy, maxBytes, hitRate }] of ours.entries()) {
    const other = theirs[i]!;
    const difference = 100 * (hitRate - other.hitRate);
    near &&= Math.abs(difference) <= TOLERANCE;
    console.log(
      `${maxBytes / 1e6} MB`.padEnd(10) + policy.padEnd(10) +
        (100 * hitRate).toFixed(2).padStart(7) + (100 * other.hitRate).toFixed(2).padStart(13) +
        difference.toFixed(2).padStart(12),
    );
  }
  console.log(near ? "All are within 1 point." : "Not all are within 1 point.");
  return near;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
