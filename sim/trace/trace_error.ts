/**
 * What is wrong with a trace.
 *
 * @module
 */
import { UsageError } from "../flags/command_line.ts";

/** A fault of a trace file, with the number of its line or record, from 1, where there is one. */
export function traceError(path: string, fault: string, place?: string): UsageError {
  return new UsageError([`--trace: ${path}: ${place === undefined ? "" : `${place}: `}${fault}`]);
}

/** A system error without its call and path: `no such file or directory`. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]+: ([^,]+), [a-z]+/.exec(message)?.[1] ?? message;
}
