/**
 * Percent-encoding by the rules of Signature Version 4: every byte but the unreserved
 * characters of RFC 3986 (`A-Z a-z 0-9 - . _ ~`) is written `%XX` in upper case.
 *
 * Keys are byte strings to S3. They travel through the proxy in this canonical spelling: it
 * names one key only, survives bytes that are not UTF-8, and is what a signature covers.
 *
 * @module
 */
import { S3Error } from "./error.ts";

const utf8 = new TextEncoder();
const utf8Decoder = new TextDecoder();
const SLASH = 0x2f;
const PERCENT = 0x25;

/** Text that is its own canonical spelling: the common case, told by one test. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/;

/** The canonical spelling of each byte value. */
const ENCODED_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9\-._~]/.test(character)) return character;
  return "%" + byte.toString(16).toUpperCase().padStart(2, "0");
});

/** Value of an ASCII hex digit, or -1. */
function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The bytes that a percent-encoded text stands for; `+` stands for itself. */
function percentDecode(encoded: string): Uint8Array {
  const bytes = utf8.encode(encoded);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!;
    if (byte === PERCENT) {
      const high = hexDigit(bytes[i + 1]);
      const low = hexDigit(bytes[i + 2]);
      if (high < 0 || low < 0) throw new S3Error("InvalidURI");
      byte = high * 16 + low;
      i += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

function encodeBytes(bytes: Uint8Array, keepSlash: boolean): string {
  let text = "";
  for (const byte of bytes) text += keepSlash && byte === SLASH ? "/" : ENCODED_BYTES[byte]!;
  return text;
}

/**
 * Encodes text that is not percent-encoded yet.
 *
 * @param text Any text; its UTF-8 bytes are encoded.
 * @returns The canonical spelling, `/` encoded too.
 *
 * @example
 * ```ts
 * import { uriEncode } from "@s3-edge-cache/s3";
 * import assert from "node:assert/strict";
 *
 * assert.equal(uriEncode("a b/é"), "a%20b%2F%C3%A9");
 * ```
 */
export function uriEncode(text: string): string {
  return encodeBytes(utf8.encode(text), false);
}

/**
 * Encodes an object key that is not percent-encoded yet; `/` stays.
 *
 * @param key The key as it stands in an XML document.
 * @returns The key in its canonical spelling.
 */
export function encodeKey(key: string): string {
  return PLAIN_PATH.test(key) ? key : encodeBytes(utf8.encode(key), true);
}

/**
 * Brings a percent-encoded path to its canonical spelling. Dot segments and empty segments
 * are part of a key and stay.
 *
 * @param path The raw path, or a part of it.
 * @returns The path with every byte but unreserved ones and `/` encoded.
 * @throws {S3Error} InvalidURI if a `%` is not followed by two hex digits.
 */
export function canonicalPath(path: string): string {
  return PLAIN_PATH.test(path) ? path : encodeBytes(percentDecode(path), true);
}

/**
 * Brings a percent-encoded name or value of a query to its canonical spelling; `+` is no space.
 *
 * @throws {S3Error} InvalidURI if a `%` is not followed by two hex digits.
 */
export function canonicalComponent(component: string): string {
  return encodeBytes(percentDecode(component), false);
}

/**
 * The text that a percent-encoded string stands for, for people and for comparing names.
 *
 * @param encoded Any percent-encoded text; `+` is no space.
 * @returns The text; bytes that are not UTF-8 become U+FFFD.
 * @throws {S3Error} InvalidURI if a `%` is not followed by two hex digits.
 */
export function uriDecode(encoded: string): string {
  return encoded.includes("%") ? utf8Decoder.decode(percentDecode(encoded)) : encoded;
}
