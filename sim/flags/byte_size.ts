/**
 * Numbers of bytes as people write them.
 *
 * @module
 */

/** Bytes a unit: powers of 1000 as in SI, powers of 1024 with an `i` as in IEC 80000-13. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Reads `65536`, `1.5GB` or `64 KiB`, in any case; `undefined` for what is no whole number of bytes. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?) ?([a-z]*)$/i.exec(text);
  if (match === null) return undefined;
  const unit = UNITS[match[2]!.toLowerCase()];
  const bytes = unit === undefined ? NaN : Number(match[1]) * unit;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Writes bytes with the largest SI unit that leaves at least 1, at most four digits. */
export function formatBytes(bytes: number): string {
  const step = Math.max(0, Math.min(4, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const unit = ["B", "kB", "MB", "GB", "TB"][step]!;
  return `${Number((bytes / 1000 ** step).toPrecision(4))} ${unit}`;
}
