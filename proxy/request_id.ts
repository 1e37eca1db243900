/**
 * The proxy's own request ids, in the form of Amazon's.
 *
 * @module
 */

/** What every `x-amz-id-2` of this process begins with. */
const HOST_ID = crypto.getRandomValues(new Uint8Array(24)).toBase64();

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Makes request ids: 16 characters, unique within the process by a counter, across processes
 * and restarts by a random start.
 *
 * @returns A function that gives the next id.
 *
 * @example
 * ```ts
 * import { createRequestIds } from "@s3-edge-cache/proxy";
 * import assert from "node:assert/strict";
 *
 * const next = createRequestIds();
 * assert.match(next(), /^[0-9A-Z]{16}$/);
 * assert.notEqual(next(), next());
 * ```
 */
export function createRequestIds(): () => string {
  const start = crypto.getRandomValues(new Uint8Array(8));
  const prefix = Array.from(start, (byte) => ALPHABET[byte % 32]).join("");
  let counter = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return () => {
    counter = (counter + 1) % 2 ** 40;
    let rest = counter;
    let id = "";
    for (let i = 0; i < 8; i++) {
      id = ALPHABET[rest % 32] + id;
      rest = Math.floor(rest / 32);
    }
    return prefix + id;
  };
}

/** The `x-amz-id-2` that goes with a request id. */
export function hostId(requestId: string): string {
  return `${HOST_ID}${requestId}`;
}
