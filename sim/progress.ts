/**
 * How far a run is, for who waits for it.
 *
 * @module
 */
import { SingleBar } from "cli-progress";

/** Where progress is told. */
export interface ProgressOptions {
  /** Whether a bar can be drawn: standard error is a terminal. */
  readonly terminal: boolean;
  /** Requests between two reports; 0 for none. */
  readonly interval: number;
  /** How many requests there will be; `undefined` if nobody knows. */
  readonly total: number | undefined;
  /** Takes a line where no bar can be drawn. */
  readonly write: (line: string) => void;
}

/** Tells how far a run is, until it is disposed of. */
export interface Progress extends Disposable {
  /** So many requests were made, and so many of the reads were hits, 0 to 1, where there is a cache. */
  at(requests: number, hitRate?: number): void;
}

/** What is used of a bar of cli-progress, which comes without types. */
interface Bar {
  start(total: number, at: number, payload: Readonly<Record<string, string>>): void;
  update(at: number, payload: Readonly<Record<string, string>>): void;
  stop(): void;
}

/** A bar on a terminal, plain lines elsewhere, silence if that is asked for. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.interval === 0) return { at: () => {}, [Symbol.dispose]: () => {} };
  return options.terminal && options.total !== undefined
    ? progressBar(options.interval, options.total)
    : progressLines(options);
}

function progressLines({ interval, total, write }: ProgressOptions): Progress {
  let due = interval;
  return {
    at: (requests, hitRate) => {
      if (requests < due) return;
      due = requests - requests % interval + interval;
      const of = total === undefined ? "" : ` of ${total}`;
      write(`${requests}${of} requests${hitsText(hitRate)}`);
    },
    [Symbol.dispose]: () => {},
  };
}

function progressBar(interval: number, total: number): Progress {
  const bar: Bar = new SingleBar({
    format: "{bar} {percentage} %  {value} of {total} requests{hits}  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
  });
  let due = 0;
  bar.start(total, 0, { hits: "" });
  return {
    at: (requests, hitRate) => {
      if (requests < due) return;
      due = requests + interval;
      bar.update(requests, { hits: hitsText(hitRate) });
    },
    [Symbol.dispose]: () => bar.stop(),
  };
}

function hitsText(hitRate: number | undefined): string {
  return hitRate === undefined ? "" : `, ${(100 * hitRate).toFixed(1)} % hits`;
}
