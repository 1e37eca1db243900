/**
 * `deno task test:programs`: random programs by the hundred thousand steps, or one of them again.
 *
 * @module
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { type Program, programs } from "./_steps.ts";
import { runProgram } from "./_world.ts";

const HELP = `Runs random programs of reads and writes against the proxy.

  --steps N      how many steps in all, 100000 unless given
  --seed N       where the randomness begins, 1 unless given
  --workers N,…  among how many workers each proxy is chosen, 1,2,4 unless given
  --path P       runs the one program that a failure has named, with its seed`;

/** Programs that share a seed. */
const BATCH = 100;

interface Options {
  readonly steps: number;
  readonly seed: number;
  readonly workers: readonly number[];
  readonly path: string | undefined;
}

/** Says what is wrong, and ends. */
function refuse(message: string): never {
  console.error(message);
  Deno.exit(2);
}

function readOptions(args: string[]): Options {
  const { values } = parse(args);
  const whole = (name: "steps" | "seed", least: number) => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= least) return value;
    return refuse(`--${name} must be a whole number of at least ${least}, is ${values[name]}`);
  };
  const workers = values.workers.split(",").map(Number);
  if (!workers.every((count) => Number.isInteger(count) && count >= 1 && count <= 64)) {
    refuse(`--workers must be numbers from 1 to 64, is ${values.workers}`);
  }
  return { steps: whole("steps", 1), seed: whole("seed", 0), workers, path: values.path };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args: args.filter((arg) => arg !== "--"),
      options: {
        steps: { type: "string", default: "100000" },
        seed: { type: "string", default: "1" },
        workers: { type: "string", default: "1,2,4" },
        path: { type: "string" },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : `${error}`);
  }
}

async function main(): Promise<void> {
  if (Deno.args.includes("--help")) return console.log(HELP);
  const { steps, seed, workers, path } = readOptions(Deno.args);
  const begun = performance.now();
  let taken = 0;
  let ran = 0;
  const property = fc.asyncProperty(programs(workers), async (program: Program) => {
    await runProgram(program);
    taken += program.steps.length;
    ran++;
  });
  for (let batch = seed; taken < steps; batch++) {
    const outcome = await fc.check(property, {
      seed: batch,
      ...(path === undefined ? { numRuns: BATCH } : { path, endOnFailure: true }),
    });
    if (outcome.failed) {
      console.error(fc.defaultReportMessage(outcome));
      console.error(outcome.errorInstance);
      console.error(
        `Again: deno task test:programs --seed ${batch} --workers ${workers} ` +
          `--path ${outcome.counterexamplePath}`,
      );
      Deno.exit(1);
    }
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(`${taken} steps of ${ran} programs in ${seconds} s, up to seed ${batch}`);
    if (path !== undefined) return;
  }
}

await main();
