/**
 * Writing requests as a trace.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createWriteStream } from "node:fs";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import { UsageError } from "../flags/command_line.ts";
import type { TraceFormat } from "../flags/flags.ts";
import type { Progress } from "../progress.ts";
import { foresee } from "../workload/foreseen.ts";
import type { RequestSource, SimRequest } from "../workload/sim_request.ts";
import { accessLogLine } from "./access_log.ts";
import { CSV_HEADER, csvRow } from "./csv.ts";
import { oracleRecord } from "./oracle_general.ts";
import { formatOfName } from "./trace.ts";
import { plainReason } from "./trace_error.ts";

/** What an export wrote. */
export interface Exported {
  /** Requests written. */
  readonly written: number;
  /** Requests that the format has no place for: all but reads, in oracleGeneral. */
  readonly leftOut: number;
}

/**
 * Writes requests to a file, in the format and compression that its name tells.
 *
 * @throws {UsageError} if the name tells no format, or the file can't be written.
 */
export async function exportTrace(
  path: string,
  source: RequestSource,
  progress: Progress,
): Promise<Exported> {
  const format = formatOfName(path);
  if (format === undefined) {
    throw new UsageError([
      `--export: ${JSON.stringify(path)}; allowed: a name that ends with .csv, .jsonl or ` +
      ".oracleGeneral, and .gz or .zst after it",
    ]);
  }
  const reads = format === "oracle-general" ? new OnlyReads(source) : undefined;
  const written = reads === undefined ? source : await foresee(reads);
  const counted = new Counted(progress);
  const stages = [Readable.from(serialized(format, written, counted)), ...compressors(path)];
  try {
    await pipeline([...stages, createWriteStream(path)]);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError([`--export: ${path}: ${plainReason(error)}`]);
  }
  return { written: counted.written, leftOut: reads?.leftOut ?? 0 };
}

/** Counts what is written. */
class Counted {
  written = 0;
  readonly #progress: Progress;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  add(batch: readonly SimRequest[]): void {
    this.written += batch.length;
    this.#progress.at(this.written);
  }
}

function compressors(path: string): Transform[] {
  if (/\.gz(ip)?$/.test(path)) return [createGzip()];
  return /\.zstd?$/.test(path) ? [createZstdCompress()] : [];
}

async function* serialized(
  format: TraceFormat,
  source: RequestSource,
  counted: Counted,
): AsyncGenerator<Buffer> {
  if (format === "csv") yield Buffer.from(`${CSV_HEADER}\n`);
  const line = format === "csv" ? csvRow : accessLogLine;
  for await (const batch of source.batches()) {
    yield format === "oracle-general"
      ? Buffer.concat(batch.map(oracleRecord))
      : Buffer.from(batch.map((request) => `${line(request)}\n`).join(""));
    counted.add(batch);
  }
}

/** The reads of a source alone. */
class OnlyReads implements RequestSource {
  /** Requests of the last pass that were no reads. */
  leftOut = 0;
  readonly length: number | undefined;
  readonly foreseen: boolean;
  readonly #source: RequestSource;

  constructor(source: RequestSource) {
    this.#source = source;
    this.length = source.length;
    this.foreseen = source.foreseen;
  }

  async *batches(): AsyncGenerator<readonly SimRequest[]> {
    this.leftOut = 0;
    for await (const batch of this.#source.batches()) {
      const reads = batch.filter(({ operation }) => operation === "read");
      this.leftOut += batch.length - reads.length;
      if (reads.length > 0) yield reads;
    }
  }
}
