/**
 * All runs: sizes, modes and numbers of workers, the targets in turns, the order reversed from
 * round to round, since a machine's speed drifts.
 *
 * @module
 */
import { type Figures, type LoadOptions, prepareLoad, runLoad } from "./load_run.ts";
import type { OriginProcess } from "./origin_process.ts";
import { median } from "./statistics.ts";
import type { Mode, Target } from "./target.ts";

/** What is run. */
export interface MatrixOptions extends LoadOptions {
  /** Sizes of objects, in bytes. */
  readonly sizes: readonly number[];
  /** What targets do with reads. */
  readonly modes: readonly Mode[];
  /** Numbers of workers. */
  readonly workers: readonly number[];
  /** Runs of each target. */
  readonly rounds: number;
  /** Bytes that a cache may hold. */
  readonly cacheBytes: number;
}

/** One cell of the matrix, all targets in it. */
export interface Cell {
  /** Size of the objects, in bytes. */
  readonly size: number;
  /** What the targets did with reads. */
  readonly mode: Mode;
  /** How many workers they had. */
  readonly workers: number;
  /** Medians of each target that could be run, this proxy first. */
  readonly rows: readonly Row[];
}

/** A target's part of a cell. */
export interface Row extends Figures {
  /** The target. */
  readonly target: string;
  /** This proxy's processor time a request over its own: below 1 the proxy is cheaper. */
  readonly cpuRatio: number | undefined;
}

/**
 * Runs the whole matrix.
 *
 * @param targets This proxy first.
 * @param directory For what is needed while it runs.
 * @param progress Is told each run's name before it begins.
 * @returns The cells, one as soon as it is complete.
 */
export async function* runMatrix(
  targets: readonly Target[],
  options: MatrixOptions,
  origin: OriginProcess,
  directory: string,
  progress: (text: string) => void,
): AsyncGenerator<Cell> {
  const ownRounds = targets.every(({ fresh }) => fresh) ? 1 : options.rounds;
  for (const workers of options.workers) {
    for (const size of options.sizes) {
      for (const mode of options.modes) {
        const setup = { origin: origin.url, mode, workers, cacheBytes: options.cacheBytes };
        const scratch = await Deno.makeTempDir({ dir: directory });
        const load = prepareLoad(scratch, options.form, mode, size, ownRounds);
        const runs = targets.map((): Figures[] => []);
        for (let round = 0; round < options.rounds; round++) {
          const order = [...targets.keys()];
          if (round % 2 === 1) order.reverse();
          for (const index of order) {
            const target = targets[index]!;
            progress(`${size} bytes, ${mode}, workers ${workers}, round ${round}: ${target.name}`);
            const figures = await runLoad(target, setup, load, round, options, origin);
            if (figures !== undefined) runs[index]!.push(figures);
          }
        }
        await Deno.remove(scratch, { recursive: true });
        yield { size, mode, workers, rows: rowsOf(targets.map(({ name }) => name), runs) };
      }
    }
  }
}

/**
 * The medians of each target's runs.
 *
 * @param names The targets, this proxy first.
 * @param runs The runs of each, in the order of the rounds.
 */
export function rowsOf(
  names: readonly string[],
  runs: readonly (readonly Figures[])[],
): Row[] {
  return names.flatMap((target, index) => {
    const own = runs[index]!;
    if (own.length === 0) return [];
    const ratios = own.map(({ cpuMicroseconds }, round) =>
      (runs[0]![round]?.cpuMicroseconds ?? NaN) / (cpuMicroseconds ?? NaN)
    );
    return [{
      target,
      requestsPerSecond: median(own.map((run) => run.requestsPerSecond)),
      p50: median(own.map((run) => run.p50)),
      p99: median(own.map((run) => run.p99)),
      cpuMicroseconds: known(median(own.map((run) => run.cpuMicroseconds ?? NaN))),
      residentBytes: known(median(own.map((run) => run.residentBytes ?? NaN))),
      originReads: median(own.map((run) => run.originReads)),
      errors: own.reduce((sum, run) => sum + run.errors, 0),
      cpuRatio: index === 0 ? undefined : known(median(ratios)),
    }];
  });
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
