/**
 * The names of header fields: from the bytes of a request to a lower-case string, which for a
 * name that was seen before is the same object again and costs no allocation.
 *
 * @module
 */
import type { Buffer } from "node:buffer";

/** Slots of the table; each holds the name that was last seen there, so senders can't fill it. */
const SLOTS = 1024;

/** Longer names are not kept, in bytes. */
const MAX_KEPT_BYTES = 64;

/**
 * For each byte the lower-case byte that it stands for within a token (RFC 9110, section 5.6.2);
 * 0 for those that no token has.
 */
export const TOKEN_BYTES: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/.test(char) ? char.toLowerCase().charCodeAt(0) : 0;
});

/** The next state of the hash over the bytes of a name, each as `TOKEN_BYTES` gives it. */
export function hashName(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** A name, and what it takes to know it again. */
interface KnownName {
  readonly name: string;
  readonly hash: number;
}

/** A table of names. */
export class FieldNames {
  readonly #slots: (KnownName | undefined)[] = new Array(SLOTS).fill(undefined);

  /**
   * The lower-case string of a name.
   *
   * @param bytes Hold the name, whose bytes are those of a token.
   * @param from Position of its first byte.
   * @param to Position after its last byte.
   * @param hash `hashName` over its bytes, from 0.
   */
  nameOf(bytes: Buffer, from: number, to: number, hash: number): string {
    const slot = hash & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && known.hash === hash && spells(known.name, bytes, from, to)) {
      return known.name;
    }
    const name = bytes.toString("latin1", from, to).toLowerCase();
    if (name.length <= MAX_KEPT_BYTES) this.#slots[slot] = { name, hash };
    return name;
  }
}

function spells(name: string, bytes: Buffer, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) !== TOKEN_BYTES[bytes[from + i]!]) return false;
  }
  return true;
}
