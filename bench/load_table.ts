/**
 * The matrix as people read it.
 *
 * @module
 */
import type { Cell, Row } from "./load_matrix.ts";
import { formatSize } from "./size.ts";

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ["requests/s", ({ requestsPerSecond }) => requestsPerSecond.toFixed(0)],
  ["p50 ms", ({ p50 }) => p50.toFixed(2)],
  ["p99 ms", ({ p99 }) => p99.toFixed(2)],
  ["CPU us", ({ cpuMicroseconds }) => cpuMicroseconds?.toFixed(1) ?? "-"],
  ["ours/its", ({ cpuRatio }) => cpuRatio?.toFixed(2) ?? ""],
  ["RSS MiB", ({ residentBytes }) => residentBytes && (residentBytes / 2 ** 20).toFixed(0) || "-"],
  ["origin/rq", ({ originReads }) => originReads.toFixed(2)],
  ["errors", ({ errors }) => errors.toFixed(0)],
];

const WIDTH = 11;
const NAME_WIDTH = 14;

/** The line of titles. */
export function titleLine(): string {
  return "target".padEnd(NAME_WIDTH) + COLUMNS.map(([title]) => title.padStart(WIDTH)).join("");
}

/** A cell: a line that says what was run, and one for each target. */
export function cellText({ size, mode, workers, rows }: Cell): string {
  const lines = rows.map((row) =>
    row.target.padEnd(NAME_WIDTH) + COLUMNS.map(([, cell]) => cell(row).padStart(WIDTH)).join("")
  );
  const title = `${formatSize(size)} ${mode}, ${workers} worker${workers === 1 ? "" : "s"}`;
  return [title, ...lines].join("\n");
}
