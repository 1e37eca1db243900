/**
 * The compression function of SHA-256 as a WebAssembly module, written out instruction by
 * instruction: all 64 rounds in locals, with the machine's own rotations. JavaScript has neither,
 * and takes twice as long.
 *
 * FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4, sections 4.1.2, 4.2.2 and 6.2.2;
 * WebAssembly Core Specification 1.0, chapter 5 (binary format).
 *
 * @module
 */

/** The compression function, and the memory that it works in. */
export interface CompressionModule {
  /** Its memory: the hash value in bytes 0 to 31, as eight words of little end. */
  readonly memory: WebAssembly.Memory;
  /** Takes `count` blocks, at least one, from address `at` on, into the hash value. */
  readonly compress: (at: number, count: number) => void;
}

/** The constants of the 64 rounds. */
// deno-fmt-ignore
const ROUND = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** Pages of 64 KiB of the module's memory. */
const PAGES = 1;

type Code = readonly number[];

const I32 = 0x7f;
const AND: Code = [0x71];
const OR: Code = [0x72];
const XOR: Code = [0x73];
const ADD: Code = [0x6a];
const SUBTRACT: Code = [0x6b];
const SHIFT_RIGHT: Code = [0x76];
const ROTATE_LEFT: Code = [0x77];
const ROTATE_RIGHT: Code = [0x78];
const LOOP: Code = [0x03, 0x40];
const AGAIN_IF: Code = [0x0d, 0x00];
const END: Code = [0x0b];

/** Locals: the two parameters, the eight working variables, the schedule, and a scratch word. */
const AT = 0;
const COUNT = 1;
const WORKING = 2;
const SCHEDULE = WORKING + 8;
const SCRATCH = SCHEDULE + 16;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const tee = (local: number): Code => [0x22, local];
const load = (offset: number): Code => [0x28, 2, offset];
const store = (offset: number): Code => [0x36, 2, offset];

/** A 32-bit constant, as a signed LEB128. */
function constant(value: number): Code {
  const code = [0x41];
  for (let rest = value | 0;; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...code, rest & 0x7f];
    code.push(rest & 0x7f | 0x80);
  }
}

function rotated(local: number, bits: number): Code {
  return [...get(local), ...constant(bits), ...ROTATE_RIGHT];
}

/** The word at an offset of the block, its big end first. */
function blockWord(offset: number): Code {
  return [
    ...[...get(AT), ...load(offset), ...tee(SCRATCH), ...constant(8), ...ROTATE_LEFT],
    ...[...constant(0x00ff00ff), ...AND],
    ...[...get(SCRATCH), ...constant(8), ...ROTATE_RIGHT, ...constant(0xff00ff00), ...AND, ...OR],
  ];
}

/** Three rotations, or two and a shift, combined: the functions Σ and σ of section 4.1.2. */
function sigma(local: number, first: number, second: number, third: Code): Code {
  return [...rotated(local, first), ...rotated(local, second), ...XOR, ...third, ...XOR];
}

/** The next word of the schedule takes the place of the one 16 rounds ago. */
function scheduled(round: number): Code {
  const word = (back: number) => SCHEDULE + (round - back & 15);
  const shifted = (local: number, bits: number) => [
    ...get(local),
    ...constant(bits),
    ...SHIFT_RIGHT,
  ];
  return [
    ...get(word(16)),
    ...[...sigma(word(15), 7, 18, shifted(word(15), 3)), ...ADD],
    ...[...get(word(7)), ...ADD],
    ...[...sigma(word(2), 17, 19, shifted(word(2), 10)), ...ADD],
    ...set(word(16)),
  ];
}

/** One round; the variables keep their places, and their names go round. */
function round(t: number): Code {
  const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => WORKING + (i - t & 7)) as [
    ...[number, number, number, number, number, number, number, number],
  ];
  return [
    ...(t < 16 ? [] : scheduled(t)),
    ...[...get(h), ...sigma(e, 6, 11, rotated(e, 25)), ...ADD],
    ...[...get(g), ...get(e), ...get(f), ...get(g), ...XOR, ...AND, ...XOR, ...ADD],
    ...[...constant(ROUND[t]!), ...ADD, ...get(SCHEDULE + (t & 15)), ...ADD, ...tee(SCRATCH)],
    ...[...get(d), ...ADD, ...set(d)],
    ...[...get(SCRATCH), ...sigma(a, 2, 13, rotated(a, 22)), ...ADD],
    ...[...get(a), ...get(b), ...AND, ...get(c), ...get(a), ...get(b), ...OR, ...AND, ...OR],
    ...[...ADD, ...set(h)],
  ];
}

function functionBody(): Code {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  return [
    ...LOOP,
    ...eight.flatMap((i) => [...constant(0), ...load(4 * i), ...set(WORKING + i)]),
    ...Array.from({ length: 16 }, (_, i) => [...blockWord(4 * i), ...set(SCHEDULE + i)]).flat(),
    ...ROUND.flatMap((_, t) => round(t)),
    ...eight.flatMap((i) => [
      ...[...constant(0), ...constant(0), ...load(4 * i)],
      ...[...get(WORKING + i), ...ADD, ...store(4 * i)],
    ]),
    ...[...get(AT), ...constant(64), ...ADD, ...set(AT)],
    ...[...get(COUNT), ...constant(1), ...SUBTRACT, ...tee(COUNT), ...AGAIN_IF],
    ...END,
  ];
}

/** A length, as an unsigned LEB128. */
function length(value: number): Code {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...length(value >>> 7)];
}

function sized(content: Code): Code {
  return [...length(content.length), ...content];
}

/** Makes an instance of the module. */
export function compressionModule(): CompressionModule {
  const locals = [1, ...length(SCRATCH - COUNT), I32];
  const bytes = new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized([1, 0x60, 2, I32, I32, 0])],
    ...[3, ...sized([1, 0])],
    ...[5, ...sized([1, 0, PAGES])],
    ...[7, ...sized([2, 1, 0x6d, 2, 0, 1, 0x63, 0, 0])],
    ...[10, ...sized([1, ...sized([...locals, ...functionBody(), ...END])])],
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { m: memory, c: compress } = exports;
  return { memory, compress } as unknown as CompressionModule;
}
