/**
 * Which answers may be kept.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { IntegrityCheck } from "./integrity.ts";

/** Fields that only a browser's cross-origin request carries (Fetch Standard, section 3.3.2). */
const CORS_FIELDS: ReadonlySet<string> = new Set([
  "access-control-request-headers",
  "access-control-request-method",
  "origin",
]);

/**
 * Whether a whole answer may be kept.
 *
 * - Not if its owner forbids it (RFC 9111, section 5.2.2.5).
 * - Not if it hangs on a request field (section 4.1). Two fields are let pass: Origin, since
 *   requests that carry one are never answered from the cache, and Accept-Encoding where the body
 *   is not encoded, or is held against the MD5 of what is stored.
 * - Not if it tells neither its length nor its digest: it may end because its connection was lost.
 *
 * @param headers The answer's fields.
 * @param size Its length in bytes, `undefined` where it does not tell.
 * @param check What its body is held against.
 */
export function isStorable(
  headers: readonly HeaderPair[],
  size: number | undefined,
  check: IntegrityCheck,
): boolean {
  if (size === undefined && !check.known) return false;
  const encoded = headers.some(([name]) => name === "content-encoding");
  const varies = (field: string) =>
    field === "accept-encoding" ? encoded && !check.known : !CORS_FIELDS.has(field);
  return !headers.some(([name, value]) =>
    (name === "cache-control" && tokens(value).includes("no-store")) ||
    (name === "vary" && tokens(value).some(varies))
  );
}

function tokens(value: string): string[] {
  return value.toLowerCase().split(",").map((token) => token.trim());
}
