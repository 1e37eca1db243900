/**
 * The list of signed headers, and what it must hold.
 *
 * @module
 */
import { type HeaderPair, S3Error } from "@s3-edge-cache/s3";

/**
 * The names of a SignedHeaders list in ascending order, none twice.
 *
 * @param text For example `host;range;x-amz-date`.
 */
export function parseSignedHeaders(text: string): readonly string[] {
  const names = text.split(";");
  for (let i = 1; i < names.length; i++) {
    if (names[i - 1]! >= names[i]!) return [...new Set(names)].sort();
  }
  return names;
}

/**
 * Refuses a request with fields that a signature has to cover and does not: `host`, and every
 * `x-amz-` field, since the proxy would sign it with its own key.
 *
 * @param fields The fields of the request, names in lower case.
 * @param names The signed headers.
 * @param tolerated A field that may be unsigned.
 * @throws {S3Error} AccessDenied, naming the fields.
 */
export function checkAllSigned(
  fields: readonly HeaderPair[],
  names: readonly string[],
  tolerated?: string,
): void {
  const isMissing = ([name]: HeaderPair) =>
    name.startsWith("x-amz-") && name !== tolerated && !names.includes(name);
  if (names.includes("host") && !fields.some(isMissing)) return;
  const missing = new Set(fields.filter(isMissing).map(([name]) => name));
  throw new S3Error("AccessDenied", {
    message: "There were headers present in the request which were not signed",
    details: {
      HeadersNotSigned: [...(names.includes("host") ? [] : ["host"]), ...missing].join(", "),
    },
  });
}
