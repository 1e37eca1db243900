/**
 * wrk, the load generator: runs it, and reads what it reports.
 *
 * @module
 */

/** What wrk is told. */
export interface WrkOptions {
  /** Where it sends its requests: scheme, host and port. */
  readonly url: string;
  /** The file that holds the requests. */
  readonly requests: string;
  /** For how long, in seconds. */
  readonly seconds: number;
  /** Connections, in all threads together. */
  readonly connections: number;
  /** Threads. */
  readonly threads: number;
}

/** What wrk has seen. */
export interface WrkReport {
  /** Answers. */
  readonly requests: number;
  /** How long it took, in microseconds. */
  readonly microseconds: number;
  /** The median of the latencies, in microseconds. */
  readonly p50: number;
  /** What 99 of 100 latencies do not exceed, in microseconds. */
  readonly p99: number;
  /** Answers with a status from 400. */
  readonly refused: number;
  /** Connections refused or cut, and requests without an answer in two seconds. */
  readonly broken: number;
  /** Requests that were sent more than once, because the file had no more. */
  readonly again: number;
}

const FIGURES = [
  "requests",
  "microseconds",
  "p50",
  "p99",
  "refused",
  "broken",
  "again",
] as const satisfies readonly (keyof WrkReport)[];

/** How much longer than its time wrk may take, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Runs wrk to its end.
 *
 * @throws {Error} if it is not installed, fails, or reports nothing.
 */
export async function runWrk(options: WrkOptions): Promise<WrkReport> {
  const { url, requests, seconds, connections, threads } = options;
  const script = new URL("load.lua", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command("wrk", {
    args: [
      ...["-t", `${threads}`, "-c", `${connections}`, "-d", `${seconds}s`, "-s", script],
      ...[url, "--", requests, `${threads}`],
    ],
    signal: AbortSignal.timeout(seconds * 1000 + PATIENCE_MS),
    stdin: "null",
  }).output();
  const output = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`wrk failed: ${new TextDecoder().decode(stderr).trim()}`);
  return parseWrkReport(output);
}

/**
 * Reads the line that `load.lua` prints at its end.
 *
 * @throws {SyntaxError} if there is none.
 */
export function parseWrkReport(output: string): WrkReport {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  const report = line.startsWith("{") ? JSON.parse(line) : {};
  if (!FIGURES.every((name) => Number.isFinite(report[name]))) {
    throw new SyntaxError(`wrk reported nothing: ${JSON.stringify(output.slice(-500))}`);
  }
  return report;
}
