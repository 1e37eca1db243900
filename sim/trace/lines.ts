/**
 * Text by the line.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { SimRequest } from "../workload/sim_request.ts";
import { traceError } from "./trace_error.ts";

/** The longest line that is read, in bytes. */
const MOST_LINE_BYTES = 1_048_576;

/**
 * Reads one line.
 *
 * @param bytes Memory that the line is in.
 * @param start Where it begins.
 * @param end Where it ends, its line break excluded.
 * @param number Its number, from 1.
 * @returns The request of the line, or `undefined` if there is none in it.
 */
export type LineReader = (
  bytes: Buffer,
  start: number,
  end: number,
  number: number,
) => SimRequest | undefined;

/**
 * Reads requests from lines that end with LF or CRLF; a batch for each chunk of bytes. The last
 * line may lack its end; empty lines are passed over.
 *
 * @throws {UsageError} for a line that is too long, and as the reader does.
 */
export async function* requestsOfLines(
  path: string,
  chunks: AsyncIterable<Buffer>,
  read: LineReader,
): AsyncGenerator<SimRequest[]> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const batch: SimRequest[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      number += 1;
      readLine(read, bytes, start, end, number, batch);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > MOST_LINE_BYTES) {
      throw traceError(path, `is longer than ${MOST_LINE_BYTES} bytes`, `line ${number + 1}`);
    }
    if (batch.length > 0) yield batch;
  }
  const last: SimRequest[] = [];
  readLine(read, rest, 0, rest.length, number + 1, last);
  if (last.length > 0) yield last;
}

function readLine(
  read: LineReader,
  bytes: Buffer,
  start: number,
  lineEnd: number,
  number: number,
  batch: SimRequest[],
): void {
  const end = lineEnd > start && bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
  if (end === start) return;
  const request = read(bytes, start, end, number);
  if (request !== undefined) batch.push(request);
}
