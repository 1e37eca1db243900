/**
 * The head of a request, as it goes over the wire.
 *
 * @module
 */
import type { HeaderPair } from "@s3-edge-cache/s3";

/** What a target may hold; nothing that could end it. */
const TARGET = /^[\x21-\x7e]+$/;
/** What would end a field. */
const LINE_END = /[\0\r\n]/;

const ascii = new TextEncoder();

/**
 * Writes a request head, the empty line at its end included.
 *
 * @param method The method.
 * @param target The raw target, sent as it stands.
 * @param headers The fields, one character a byte.
 * @returns The bytes.
 * @throws {TypeError} if the target or a field holds what would end it.
 */
export function requestHead(
  method: string,
  target: string,
  headers: readonly HeaderPair[],
): Uint8Array {
  if (!TARGET.test(target)) throw new TypeError("a target must be printable ASCII");
  let text = `${method} ${target} HTTP/1.1\r\n`;
  for (const [name, value] of headers) {
    if (LINE_END.test(value)) throw new TypeError(`the field ${name} holds the end of a line`);
    text += `${name}: ${value}\r\n`;
  }
  text += "\r\n";
  const bytes = ascii.encode(text);
  return bytes.length === text.length
    ? bytes
    : Uint8Array.from(text, (character) => character.charCodeAt(0));
}
