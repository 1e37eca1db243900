/**
 * How far a run is, for who waits for it.
 *
 * @module
 */
import { SingleBar } from "cli-progress";
import type { RequestSource } from "./workload/sim_request.ts";

/** Where progress is told. */
export interface ProgressOptions {
  /** Whether a bar can be drawn: standard error is a terminal. */
  readonly terminal: boolean;
  /** Requests between two reports; 0 for none. */
  readonly interval: number;
  /** What the requests come from. */
  readonly source: Pick<RequestSource, "length" | "share">;
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
  return options.terminal ? progressBar(options) : progressLines(options);
}

function progressLines({ interval, source, write }: ProgressOptions): Progress {
  let due = interval;
  return {
    at: (requests, hitRate) => {
      if (requests < due) return;
      due = requests - requests % interval + interval;
      write(requestsText(requests, source.length, hitRate));
    },
    [Symbol.dispose]: () => {},
  };
}

/** Parts of a bar's whole. */
const PARTS = 1_000;

function progressBar({ interval, source }: ProgressOptions): Progress {
  const bar: Bar = new SingleBar({
    format: "{bar} {percentage} %  {requests}  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
  });
  let due = 0;
  bar.start(PARTS, 0, { requests: requestsText(0, source.length, undefined) });
  return {
    at: (requests, hitRate) => {
      if (requests < due) return;
      due = requests + interval;
      const share = source.share?.() ?? requests / (source.length ?? Infinity);
      const text = requestsText(requests, source.length, hitRate);
      bar.update(Math.floor(share * PARTS), { requests: text });
    },
    [Symbol.dispose]: () => bar.stop(),
  };
}

function requestsText(
  requests: number,
  length: number | undefined,
  hitRate: number | undefined,
): string {
  const of = length === undefined ? "" : ` of ${length}`;
  const hits = hitRate === undefined ? "" : `, ${(100 * hitRate).toFixed(1)} % hits`;
  return `${requests}${of} requests${hits}`;
}
