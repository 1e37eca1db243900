/**
 * Byte ranges, as S3 reads them.
 *
 * @module
 */
import { OriginError } from "./error.ts";

/** Bytes from `start` up to, not including, `end`. */
export interface Slice {
  /** The first byte. */
  readonly start: number;
  /** The byte behind the last. */
  readonly end: number;
}

/**
 * The bytes that a `Range` asks for.
 *
 * @param header The field's value.
 * @param size The object's size.
 * @returns The slice; `undefined` where S3 ignores the field: another unit, several ranges,
 * anything malformed, a last byte before the first, the last bytes of an empty object.
 * @throws {OriginError} InvalidRange where no byte is asked for that is there.
 */
export function sliceOfRange(header: string | undefined, size: number): Slice | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (first === "" && Number(last) > 0 && size === 0) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= size || start >= end) {
    throw new OriginError("InvalidRange", {
      details: { RangeRequested: header!, ActualObjectSize: String(size) },
      headers: [["Content-Range", `bytes */${size}`]],
    });
  }
  return { start, end };
}

/**
 * The bytes of a copy source: `first-last` only, and wholly there.
 *
 * @throws {OriginError} InvalidArgument for another form, InvalidRange beyond the end.
 */
export function sliceOfCopySource(header: string, size: number): Slice {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  if (match === null || Number(match[2]) < Number(match[1])) {
    throw new OriginError("InvalidArgument", {
      message: "The x-amz-copy-source-range value must be of the form bytes=first-last where " +
        "first and last are the zero-based offsets of the first and last bytes to copy",
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
    });
  }
  if (Number(match[2]) >= size) {
    throw new OriginError("InvalidArgument", {
      message: `Range specified is not valid for source object of size: ${size}`,
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
    });
  }
  return { start: Number(match[1]), end: Number(match[2]) + 1 };
}
