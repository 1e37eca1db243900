/**
 * The spellings of a key. Inside the origin a key is a byte string, one character a byte: it
 * sorts as S3 sorts, and holds bytes that are not UTF-8.
 *
 * @module
 */

/** A key as text: the byte string read as UTF-8. */
export function keyText(key: string): string {
  return new TextDecoder().decode(Uint8Array.from(key, (character) => character.charCodeAt(0)));
}

/** A key's byte string from its canonical spelling. */
export function keyBytes(canonicalKey: string): string {
  return canonicalKey.replace(
    /%([0-9A-F]{2})/g,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/** A key's byte string from its text. */
export function keyOfText(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
