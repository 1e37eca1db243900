/**
 * HTTP header fields in wire order.
 *
 * @module
 */

/**
 * One header field: its name in lower case, and its value as a Latin-1 byte string (one
 * character a byte, as it stood on the wire; UTF-8 metadata is therefore left undecoded).
 */
export type HeaderPair = readonly [name: string, value: string];

/**
 * An immutable list of header fields: order and repeated names are kept, so that what was
 * received can be signed and forwarded as it came.
 *
 * @example
 * ```ts
 * import { HeaderList } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * const headers = new HeaderList([["x-amz-meta-a", "1"], ["x-amz-meta-a", "2"]]);
 * assert.equal(headers.get("x-amz-meta-a"), "1,2");
 * assert.equal(headers.get("etag"), undefined);
 * ```
 */
export class HeaderList {
  /** The fields in wire order; names are in lower case. */
  readonly pairs: readonly HeaderPair[];

  /**
   * Makes a list.
   *
   * @param pairs Fields whose names are in lower case already.
   */
  constructor(pairs: readonly HeaderPair[]) {
    this.pairs = pairs;
  }

  /**
   * The value of a field, repeated fields joined with a comma (RFC 9110, section 5.3).
   *
   * @param name The field's name in lower case.
   */
  get(name: string): string | undefined {
    let value: string | undefined;
    for (const pair of this.pairs) {
      if (pair[0] === name) value = value === undefined ? pair[1] : `${value},${pair[1]}`;
    }
    return value;
  }

  /** Whether a field of this lower-case name is present. */
  has(name: string): boolean {
    return this.pairs.some((pair) => pair[0] === name);
  }
}
