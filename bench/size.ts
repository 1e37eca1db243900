/**
 * Sizes as people write them.
 *
 * @module
 */

const UNITS: readonly (readonly [name: string, bytes: number])[] = [
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
  ["B", 1],
];

/**
 * Reads a size.
 *
 * @param text `1KiB`, `256 MiB`, `12345`.
 * @returns Bytes; NaN for anything else.
 */
export function parseSize(text: string): number {
  const [, digits, name] = /^(\d+) ?([KMG]iB|B)?$/.exec(text) ?? [];
  const bytes = UNITS.find(([unit]) => unit === (name ?? "B"))![1];
  return digits === undefined ? NaN : Number(digits) * bytes;
}

/** Writes a size in the largest unit of which it is a multiple. */
export function formatSize(bytes: number): string {
  const [name, unit] = UNITS.find(([, unit]) => bytes % unit === 0)!;
  return `${bytes / unit} ${name}`;
}
