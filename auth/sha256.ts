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

/** Bytes of a block. */
const BLOCK = 64;

/** The constants of the 64 rounds. */
// deno-fmt-ignore
const ROUND = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** The hash value that every message begins with. */
// deno-fmt-ignore
const INITIAL = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The schedule of the block in work: scratch, nothing stays in it between calls. */
const schedule = new Int32Array(64);
/** The hash value in work: scratch, too. */
const state = new Int32Array(8);

const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** Takes the block in `schedule[0..15]` into `state` (section 6.2.2). */
function compress(): void {
  const w = schedule;
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3);
    const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10);
    w[t] = s1 + w[t - 7]! + s0 + w[t - 16]! | 0;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const t1 = h + s1 + (g ^ (e & (f ^ g))) + ROUND[t]! + w[t]! | 0;
    const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const t2 = s0 + ((a & b) | (c & (a | b))) | 0;
    h = g, g = f, f = e, e = d + t1 | 0;
    d = c, c = b, b = a, a = t1 + t2 | 0;
  }
  state[0]! += a, state[1]! += b, state[2]! += c, state[3]! += d;
  state[4]! += e, state[5]! += f, state[6]! += g, state[7]! += h;
}

/**
 * Takes a message and its padding into `state`.
 *
 * @param text The message.
 * @param before Bytes that `state` has taken in already, a multiple of the block.
 */
function absorb(text: string, before: number): void {
  const w = schedule;
  let at = 0;
  for (; at + BLOCK <= text.length; at += BLOCK) {
    for (let t = 0, i = at; t < 16; t++, i += 4) {
      w[t] = text.charCodeAt(i) << 24 | (text.charCodeAt(i + 1) & 0xff) << 16 |
        (text.charCodeAt(i + 2) & 0xff) << 8 | text.charCodeAt(i + 3) & 0xff;
    }
    compress();
  }
  w.fill(0, 0, 16);
  const rest = text.length - at;
  for (let i = 0; i < rest; i++) {
    w[i >> 2]! |= (text.charCodeAt(at + i) & 0xff) << (24 - 8 * (i & 3));
  }
  w[rest >> 2]! |= 0x80 << (24 - 8 * (rest & 3));
  if (rest >= BLOCK - 8) {
    compress();
    w.fill(0, 0, 16);
  }
  const length = before + text.length;
  w[14] = length / 0x2000_0000;
  w[15] = length << 3;
  compress();
}

/** `state` in hex. */
function stateHex(): string {
  let text = "";
  for (let i = 0; i < 8; i++) {
    const word = state[i]!;
    text += HEX[word >>> 24]! + HEX[word >>> 16 & 0xff]! + HEX[word >>> 8 & 0xff]! +
      HEX[word & 0xff]!;
  }
  return text;
}

/** `state` as a byte string. */
function stateBytes(): string {
  let text = "";
  for (const word of state) {
    text += String.fromCharCode(word >>> 24, word >>> 16 & 0xff, word >>> 8 & 0xff, word & 0xff);
  }
  return text;
}

/**
 * SHA-256 of a byte string.
 *
 * @param text One character a byte.
 * @returns 64 lower-case hex digits.
 */
export function sha256Hex(text: string): string {
  state.set(INITIAL);
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
      state.set(INITIAL);
      absorb(key, 0);
      block = stateBytes();
    }
    this.#inner = padState(block, 0x36);
    this.#outer = padState(block, 0x5c);
  }

  /** HMAC of a byte string, in lower-case hex. */
  hex(message: string): string {
    this.#run(message);
    return stateHex();
  }

  /** HMAC of a byte string, as a byte string. */
  bytes(message: string): string {
    this.#run(message);
    return stateBytes();
  }

  #run(message: string): void {
    state.set(this.#inner);
    absorb(message, BLOCK);
    schedule.set(state);
    schedule.fill(0, 8, 16);
    schedule[8] = 0x80 << 24;
    schedule[15] = (BLOCK + 32) << 3;
    state.set(this.#outer);
    compress();
  }
}

/** The state behind a key's block, every byte of it combined with `pad`. */
function padState(block: string, pad: number): Int32Array {
  schedule.fill(0, 0, 16);
  for (let i = 0; i < BLOCK; i++) {
    const byte = (i < block.length ? block.charCodeAt(i) & 0xff : 0) ^ pad;
    schedule[i >> 2]! |= byte << (24 - 8 * (i & 3));
  }
  state.set(INITIAL);
  compress();
  return state.slice();
}
