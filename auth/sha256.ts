/**
 * SHA-256 and HMAC-SHA256 of short byte strings, for the path that every request takes.
 *
 * Native hash objects live outside the heap: at some ten thousand requests a second they pile up
 * to hundreds of megabytes before they are collected, and the one-shot `hash` makes one per call
 * too. Here nothing is made but the result. Bodies, which are long, are hashed by node:crypto.
 *
 * A byte string has one character a byte, as header values have; of a character above 0xff the
 * low byte counts. No step depends on the values of the bytes, so the time tells the length only.
 *
 * FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4, and RFC 2104.
 *
 * @module
 */
import { compressionModule } from "./sha256_module.ts";

/** Bytes of a block. */
const BLOCK = 64;

/** Bytes of a hash value. */
const HASH = 32;

/** Where messages are laid for the compression function: behind the hash value. */
const MESSAGE = 64;

/** Most bytes of a message that are laid there at once, a multiple of the block. */
const PIECE = 512 * BLOCK;

/** The hash value that every message begins with. */
// deno-fmt-ignore
const INITIAL = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const { memory, compress } = compressionModule();
/** All of the module's memory: scratch, nothing that is in it counts between calls. */
const bytes = new Uint8Array(memory.buffer);
/** The part of it that messages are laid in. */
const message = bytes.subarray(MESSAGE);
/** The hash value in work. */
const state = new Int32Array(memory.buffer, 0, HASH / 4);

const ascii = new TextEncoder();

/** The two hex digits of each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** The same as character codes. */
const HEX_CODES = ascii.encode(HEX.join(""));

/** Lays a text of at most `PIECE` characters in the message. */
function lay(text: string): void {
  const { length } = text;
  if (ascii.encodeInto(text, message).written === length) return;
  for (let i = 0; i < length; i++) message[i] = text.charCodeAt(i);
}

/** Lays a word at a place in the message, its big end first. */
function putWord(at: number, word: number): void {
  message[at] = word >>> 24;
  message[at + 1] = word >>> 16;
  message[at + 2] = word >>> 8;
  message[at + 3] = word;
}

/** Begins a message with a hash value that was taken before, a copy of `state`. */
function resume(from: Int32Array): void {
  for (let i = 0; i < 8; i++) state[i] = from[i]!;
}

/**
 * Ends a message and takes its last bytes into `state`.
 *
 * @param rest Bytes of it that lie in the message and are not taken in yet.
 * @param length Bytes of it in all.
 */
function finish(rest: number, length: number): void {
  const blocks = (rest + 9 + BLOCK - 1) >>> 6;
  const end = blocks * BLOCK;
  message[rest] = 0x80;
  for (let i = rest + 1; i < end - 8; i++) message[i] = 0;
  putWord(end - 8, length / 0x2000_0000);
  putWord(end - 4, length << 3);
  compress(MESSAGE, blocks);
}

/**
 * Takes a message and its end into `state`.
 *
 * @param text The message.
 * @param before Bytes that `state` has taken in already, a multiple of the block.
 */
function absorb(text: string, before: number): void {
  let at = 0;
  for (; text.length - at > PIECE; at += PIECE) {
    lay(text.slice(at, at + PIECE));
    compress(MESSAGE, PIECE / BLOCK);
  }
  lay(at === 0 ? text : text.slice(at));
  finish(text.length - at, before + text.length);
}

/** Lays `state` in hex from `at` on in the message; returns the place behind it. */
function layStateHex(at: number): number {
  for (let i = 0, to = at; i < HASH; i++, to += 2) {
    // The words of the state have their little end first.
    const code = 2 * bytes[i ^ 3]!;
    message[to] = HEX_CODES[code]!;
    message[to + 1] = HEX_CODES[code + 1]!;
  }
  return at + 2 * HASH;
}

/** `state` in hex. */
function stateHex(): string {
  let text = "";
  for (let i = 0; i < HASH; i++) text += HEX[bytes[i ^ 3]!];
  return text;
}

/** `state` as a byte string. */
function stateBytes(): string {
  let text = "";
  for (let i = 0; i < HASH; i++) text += String.fromCharCode(bytes[i ^ 3]!);
  return text;
}

/**
 * SHA-256 of a byte string.
 *
 * @param text One character a byte.
 * @returns 64 lower-case hex digits.
 */
export function sha256Hex(text: string): string {
  resume(INITIAL);
  absorb(text, 0);
  return stateHex();
}

/** A key of HMAC-SHA256: the states behind its two pads, computed once. */
export class HmacKey {
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;

  /** @param key The key, a byte string. */
  constructor(key: string) {
    let block = key;
    if (key.length > BLOCK) {
      resume(INITIAL);
      absorb(key, 0);
      block = stateBytes();
    }
    this.#inner = padState(block, 0x36);
    this.#outer = padState(block, 0x5c);
  }

  /** HMAC of a byte string, in lower-case hex. */
  hex(text: string): string {
    this.#run(text);
    return stateHex();
  }

  /** HMAC of a byte string, as a byte string. */
  bytes(text: string): string {
    this.#run(text);
    return stateBytes();
  }

  /**
   * HMAC of a head and the SHA-256 of a text in hex behind it, in lower-case hex.
   *
   * @param head At most 16 KiB.
   * @param text A byte string.
   */
  hexOfDigest(head: Uint8Array, text: string): string {
    this.#runOfDigest(head, text);
    return stateHex();
  }

  /**
   * Whether `hexOfDigest` gives this text, compared in constant time.
   *
   * @param head At most 16 KiB.
   * @param text A byte string.
   * @param expected 64 lower-case hex digits, or any other text.
   */
  isHexOfDigest(head: Uint8Array, text: string, expected: string): boolean {
    this.#runOfDigest(head, text);
    const end = layStateHex(0);
    if (expected.length !== end) return false;
    let difference = 0;
    for (let i = 0; i < end; i++) difference |= message[i]! ^ expected.charCodeAt(i);
    return difference === 0;
  }

  #run(text: string): void {
    resume(this.#inner);
    absorb(text, BLOCK);
    this.#close();
  }

  #runOfDigest(head: Uint8Array, text: string): void {
    resume(INITIAL);
    absorb(text, 0);
    const length = layStateHex(head.length);
    for (let i = 0; i < head.length; i++) message[i] = head[i]!;
    resume(this.#inner);
    finish(length, BLOCK + length);
    this.#close();
  }

  /** Takes the inner hash into the outer one. */
  #close(): void {
    for (let i = 0; i < HASH; i++) message[i] = bytes[i ^ 3]!;
    resume(this.#outer);
    finish(HASH, BLOCK + HASH);
  }
}

/** The state behind a key's block, every byte of it combined with `pad`. */
function padState(block: string, pad: number): Int32Array {
  for (let i = 0; i < BLOCK; i++) {
    message[i] = (i < block.length ? block.charCodeAt(i) & 0xff : 0) ^ pad;
  }
  resume(INITIAL);
  compress(MESSAGE, 1);
  return state.slice();
}
