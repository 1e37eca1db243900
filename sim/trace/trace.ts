/**
 * Traces, however they are written.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import { stat } from "node:fs/promises";
import type { TraceFormat } from "../flags/flags.ts";
import type { RequestSource, SimRequest } from "../workload/sim_request.ts";
import { accessLogReader } from "./access_log.ts";
import { csvReader } from "./csv.ts";
import { requestsOfLines } from "./lines.ts";
import { requestsOfRecords } from "./oracle_general.ts";
import { traceBytes } from "./trace_bytes.ts";
import { plainReason, traceError } from "./trace_error.ts";

/** The format that a file's name tells, `undefined` if it tells none. */
export function formatOfName(path: string): TraceFormat | undefined {
  const name = path.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, "");
  if (name.endsWith(".csv")) return "csv";
  if (/\.(jsonl|ndjson|json|log)$/.test(name)) return "access-log";
  return /oraclegeneral|\.bin$/.test(name) ? "oracle-general" : undefined;
}

/**
 * Opens a trace for any number of passes. Its memory does not grow with its length.
 *
 * @param path The file, plain or compressed by gzip or zstd.
 * @param format How it is written; `auto` tells by name and first bytes.
 * @param most How many requests are read at most.
 * @throws {UsageError} if the file can't be read or its format can't be told; so does a pass, at
 * the first line or record that is malformed, and at the end if there was no request.
 */
export async function openTrace(
  path: string,
  format: TraceFormat | "auto",
  most: number,
): Promise<RequestSource> {
  const known = format === "auto" ? formatOfName(path) ?? await formatOfBytes(path) : format;
  const bytes = await sizeOf(path);
  let bytesRead = 0;
  const onRead = (count: number): void => void (bytesRead += count);
  return {
    length: most === Infinity ? undefined : most,
    foreseen: known === "oracle-general",
    share: () => bytesRead / bytes,
    batches: () => {
      bytesRead = 0;
      return limited(path, most, readers[known](path, traceBytes(path, onRead)));
    },
  };
}

const readers: Readonly<
  Record<TraceFormat, (path: string, bytes: AsyncIterable<Buffer>) => AsyncIterable<SimRequest[]>>
> = {
  csv: (path, bytes) => requestsOfLines(path, bytes, csvReader(path)),
  "access-log": (path, bytes) => requestsOfLines(path, bytes, accessLogReader(path)),
  "oracle-general": requestsOfRecords,
};

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw traceError(path, plainReason(error));
  }
}

async function formatOfBytes(path: string): Promise<TraceFormat> {
  for await (const bytes of traceBytes(path)) {
    const beginning = bytes.toString("latin1", 0, 16).toLowerCase();
    if (beginning.startsWith("{")) return "access-log";
    if (beginning.includes("time,key,size")) return "csv";
    throw traceError(path, "neither name nor first bytes tell its format; --trace-format does");
  }
  throw traceError(path, "is empty");
}

/** The first requests of a trace, which has some. */
async function* limited(
  path: string,
  most: number,
  batches: AsyncIterable<SimRequest[]>,
): AsyncGenerator<SimRequest[]> {
  let read = 0;
  for await (const batch of batches) {
    const left = most - read;
    yield batch.length <= left ? batch : batch.slice(0, left);
    read += batch.length;
    if (read >= most) return;
  }
  if (read === 0) throw traceError(path, "has no requests");
}
