/**
 * Traces as comma-separated values (RFC 4180), with the header line `time,key,size` or
 * `time,key,size,op`.
 *
 * @module
 */
import { type SimOperation, type SimRequest, simRequest } from "../workload/sim_request.ts";
import type { LineReader } from "./lines.ts";
import { traceError } from "./trace_error.ts";

/** The header lines. */
const HEADERS: ReadonlySet<string> = new Set(["time,key,size", "time,key,size,op"]);

/** The header line that is written. */
export const CSV_HEADER = "time,key,size,op";

const OPERATIONS: ReadonlyMap<string, SimOperation> = new Map([
  ["", "read"],
  ["read", "read"],
  ["get", "read"],
  ["head", "head"],
  ["write", "write"],
  ["put", "write"],
  ["set", "write"],
  ["delete", "delete"],
]);

const NAMES: Readonly<Record<SimOperation, string>> = {
  read: "get",
  head: "head",
  write: "put",
  delete: "delete",
};

/** Reads rows: time in seconds, key, size in bytes, and what is done, a read where it is left out. */
export function csvReader(path: string): LineReader {
  let columns = 0;
  return (bytes, start, end, line) => {
    const place = `line ${line}`;
    const row = bytes.toString("utf8", start, end);
    if (columns === 0) {
      const header = row.replace(/^\ufeff/, "");
      if (!HEADERS.has(header.toLowerCase())) {
        const allowed = [...HEADERS].join(" or ");
        throw traceError(path, `${quote(header)}; allowed as a header: ${allowed}`, place);
      }
      columns = header.split(",").length;
      return undefined;
    }
    const fields = row.includes('"') ? cutQuoted(row) : row.split(",");
    if (fields.length !== columns) {
      throw traceError(
        path,
        `${fields.length} fields; allowed: ${columns}, as in the header`,
        place,
      );
    }
    const [time, key, size, operation = ""] = fields as [string, string, string, string?];
    return {
      ...simRequest(secondsOf(time, path, place), operationOf(operation, path, place), key, 0),
      size: bytesOf(size, path, place),
    };
  };
}

/** Writes a row, without its line break. */
export function csvRow({ time, key, size, operation }: SimRequest): string {
  const cell = /[",\r\n]/.test(key) ? `"${key.replaceAll('"', '""')}"` : key;
  return `${time / 1_000},${cell},${size},${NAMES[operation]}`;
}

function secondsOf(text: string, path: string, place: string): number {
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return Number(text) * 1_000;
  throw traceError(path, `time ${quote(text)}; allowed: seconds, such as 12 or 12.345`, place);
}

function bytesOf(text: string, path: string, place: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw traceError(path, `size ${quote(text)}; allowed: a whole number of bytes`, place);
}

function operationOf(text: string, path: string, place: string): SimOperation {
  const operation = OPERATIONS.get(text) ?? OPERATIONS.get(text.toLowerCase());
  if (operation !== undefined) return operation;
  const allowed = [...OPERATIONS.keys()].slice(1).join(", ");
  throw traceError(path, `op ${quote(text)}; allowed: ${allowed}`, place);
}

/** Cuts a row at its commas; a field in quotes may have commas, and quotes that are doubled. */
function cutQuoted(row: string): string[] {
  return Array.from(
    row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
