import assert from "node:assert/strict";
import { Arena, ARENA_STATE_WORDS, formatArena } from "./arena.ts";

const KIB = 1_024;

interface Memory {
  readonly segments: SharedArrayBuffer[];
  readonly state: Int32Array;
}

function memoryOf(...sizes: number[]): Memory {
  const segments = sizes.map((size) => new SharedArrayBuffer(size));
  const state = new Int32Array(new SharedArrayBuffer(ARENA_STATE_WORDS * 4));
  formatArena(segments, state);
  return { segments, state };
}

function arenaOf(...sizes: number[]): Arena {
  const { segments, state } = memoryOf(...sizes);
  return new Arena(segments, state);
}

function lengths(arena: Arena, address: number): number[] {
  const found: number[] = [];
  for (let at = address; at !== -1; at = arena.extents.next(at)) {
    found.push(arena.extents.length(at));
  }
  return found;
}

function auditEmpty(arena: Arena): void {
  arena.audit(() => assert.fail("a chain is left"));
  assert.equal(arena.usedBytes, 0);
}

/** Fills an arena with one-unit chains, then frees those from `from` up to `to`, and so on. */
function withHoles(arena: Arena, units: number, ...holes: [from: number, to: number][]): number[] {
  const chains = Array.from({ length: units }, () => arena.allocate(48, 0));
  assert.equal(arena.allocate(0, 0), -1);
  for (const [from, to] of holes) {
    for (const chain of chains.splice(from, to - from, ...new Array(to - from).fill(-1))) {
      arena.free(chain);
    }
  }
  return chains.filter((chain) => chain !== -1);
}

Deno.test("Arena takes a header and whole units", () => {
  const arena = arenaOf(64 * KIB);
  for (const [bytes, used] of [[0, 64], [48, 64], [49, 128], [64 * KIB - 16, 64 * KIB]] as const) {
    const chain = arena.allocate(bytes, 1);
    assert.equal(arena.usedBytes, used);
    assert.deepEqual(lengths(arena, chain), [used - 16]);
    arena.free(chain);
    auditEmpty(arena);
  }
  assert.equal(arena.allocate(64 * KIB - 15, 1), -1);
});

Deno.test("Arena gives the whole of segments that end within a unit, up to that unit", () => {
  const arena = arenaOf(100, 64, 191);
  const chains = Array.from({ length: 5 }, () => arena.allocate(48, 0));
  assert.equal(chains.pop(), -1);
  assert.deepEqual(chains.map((chain) => arena.extents.segment(chain)).sort(), [0, 1, 2, 2]);
});

Deno.test("Arena tells chains and owners", () => {
  const arena = arenaOf(64 * KIB, 64 * KIB);
  const small = arena.allocate(10, 7);
  const large = arena.allocate(100 * KIB, 2 ** 24 - 1);
  const found: number[][] = [];
  arena.audit((...chain) => found.push(chain));
  assert.deepEqual(found.sort(), [[small, 7, 1], [large, 2 ** 24 - 1, 2]].sort());
});

Deno.test("Arena prefers one extent, and the hole that fits", () => {
  const arena = arenaOf(64 * KIB);
  withHoles(arena, KIB, [0, 520], [530, 535], [600, 800]);
  const chain = arena.allocate(5 * 64 - 16, 0);
  assert.equal(chain, 530);
  const other = arena.allocate(200 * 64 - 16, 0);
  assert.equal(other, 600, "of a class that is 4 units wide");
});

Deno.test("Arena scatters what fits in no hole over those of 32 KiB and a rest", () => {
  const arena = arenaOf(256 * KIB);
  withHoles(arena, 4 * KIB, [0, 600], [700, 1_211], [1_300, 1_812], [2_000, 2_010]);
  const most = (600 + 512 + 511) * 64 - 3 * 16;
  const free = 256 * KIB - arena.usedBytes;
  assert.equal(arena.allocate(most + 1, 0), -1);
  assert.equal(256 * KIB - arena.usedBytes, free);
  const chain = arena.allocate(most, 0);
  assert.deepEqual(lengths(arena, chain), [600 * 64 - 16, 512 * 64 - 16, 511 * 64 - 16]);
  arena.free(chain);
  const lesser = arena.allocate((600 + 512 + 10) * 64 - 3 * 16, 0);
  assert.deepEqual(lengths(arena, lesser), [600 * 64 - 16, 512 * 64 - 16, 10 * 64 - 16]);
  assert.equal(
    arena.extents.offset(arena.extents.next(arena.extents.next(lesser))),
    2_000 * 64 + 16,
  );
});

Deno.test("Arena scatters over all large holes and needs no other", () => {
  const arena = arenaOf(256 * KIB);
  withHoles(arena, 4 * KIB, [0, 512], [600, 1_112]);
  const most = 2 * (512 * 64 - 16);
  assert.equal(arena.allocate(most + 1, 0), -1);
  assert.deepEqual(lengths(arena, arena.allocate(most, 0)), [most / 2, most / 2]);
});

Deno.test("Arena never scatters what a block of 32 KiB would hold", () => {
  const arena = arenaOf(256 * KIB);
  withHoles(arena, 4 * KIB, [0, 511], [600, 1_111]);
  assert.equal(arena.allocate(512 * 64 - 16, 0), -1);
  assert.deepEqual(lengths(arena, arena.allocate(511 * 64 - 16, 0)), [511 * 64 - 16]);
});

Deno.test("Arena scatters what is larger than any segment can be", () => {
  const arena = arenaOf(2 ** 30, 2 ** 30, 64 * KIB);
  const chain = arena.allocate(2 ** 31, 0);
  assert.deepEqual(lengths(arena, chain), [2 ** 30 - 16, 2 ** 30 - 16, 48]);
  assert.equal(arena.allocate(2 ** 40, 0), -1);
  arena.audit(() => {});
  arena.free(chain);
  auditEmpty(arena);
});

Deno.test("Arena does not take sizes beyond any class for small ones", () => {
  const arena = arenaOf(64, ...new Array(5).fill(2 ** 30), ...new Array(122).fill(64 * KIB));
  const chains = Array.from({ length: 100 }, (_, i) => arena.allocate(i * 4, 0));
  for (let i = 1; i < 100; i += 2) arena.free(chains[i]!);
  const chain = arena.allocate(2 ** 32, 0);
  assert(chain > 0);
  assert.equal(lengths(arena, chain).length, 5);
  for (let power = 31; power < 53; power++) {
    for (const more of [-16, 0, 100, 4_000]) assert.equal(arena.allocate(2 ** power + more, 0), -1);
  }
  arena.audit(() => {});
});

Deno.test("Arena extends a chain from any of its extents", () => {
  const arena = arenaOf(64 * KIB);
  const chain = arena.allocate(100, 5);
  assert(arena.extend(chain, 1_000));
  assert(arena.extend(chain, 0));
  assert(arena.extend(arena.extents.next(chain), 3_000));
  assert.deepEqual(lengths(arena, chain), [112, 1_008, 3_056]);
  assert(!arena.extend(chain, 64 * KIB));
  assert.deepEqual(lengths(arena, chain), [112, 1_008, 3_056]);
  arena.audit((address, owner, extents) =>
    assert.deepEqual([address, owner, extents], [chain, 5, 3])
  );
  arena.free(chain);
  auditEmpty(arena);
});

Deno.test("Arena tells where payload is", () => {
  const segments = [64, 64 * KIB].map((bytes) => new SharedArrayBuffer(bytes));
  const state = new Int32Array(ARENA_STATE_WORDS);
  formatArena(segments, state);
  const arena = new Arena(segments, state);
  const chain = arena.allocate(100, 5);
  arena.extend(chain, 1_000);
  const { extents } = arena;
  const second = extents.next(chain);
  assert.deepEqual([chain, second].map((extent) => extents.segment(extent)), [1, 1]);
  assert.deepEqual([chain, second].map((extent) => extents.offset(extent)), [16, 144]);
  assert.deepEqual(extents.bytes.map(({ buffer }) => buffer), segments);
});

Deno.test("Arena truncates a chain to whole units", () => {
  const arena = arenaOf(64 * KIB);
  const kept: [bytes: number, lengths: number[]][] = [
    [5_000, [112, 1_008, 3_056]],
    [4_176, [112, 1_008, 3_056]],
    [4_112, [112, 1_008, 2_992]],
    [1_120, [112, 1_008]],
    [1_000, [112, 944]],
    [113, [112, 48]],
    [112, [112]],
    [0, [48]],
  ];
  for (const [bytes, left] of kept) {
    const chain = arena.allocate(100, 5);
    arena.extend(chain, 1_000);
    arena.extend(chain, 3_000);
    arena.truncate(chain, bytes);
    assert.deepEqual(lengths(arena, chain), left);
    arena.audit((_, owner) => assert.equal(owner, 5));
    arena.free(chain);
    auditEmpty(arena);
  }
});

Deno.test("Arena refuses sizes that are none, and to free what is no chain", () => {
  const arena = arenaOf(64 * KIB);
  for (const bytes of [-1, 1.5, NaN, Infinity]) {
    assert.throws(() => arena.allocate(bytes, 0), RangeError);
  }
  const chain = arena.allocate(100, 0);
  arena.extend(chain, 100);
  assert.throws(() => arena.free(arena.extents.next(chain)), RangeError);
  arena.free(chain);
  assert.throws(() => arena.free(chain), RangeError);
  auditEmpty(arena);
});

Deno.test("Arena refuses segments that are too small, too large or too many", () => {
  assert.throws(() => memoryOf(), RangeError);
  assert.throws(() => memoryOf(63), RangeError);
  assert.throws(() => memoryOf(2 ** 30 + 64), RangeError);
  assert.throws(() => memoryOf(...new Array(129).fill(64)), RangeError);
  assert.doesNotThrow(() => arenaOf(...new Array(128).fill(64)));
});

Deno.test("Arena in the last of 128 segments has addresses as any other", () => {
  const arena = arenaOf(...new Array(128).fill(64));
  const chains = Array.from({ length: 128 }, (_, i) => arena.allocate(0, i));
  assert(chains.every((chain) => chain >= 0));
  assert.equal(new Set(chains.map((chain) => arena.extents.segment(chain))).size, 128);
  assert.equal(arena.allocate(0, 0), -1);
  for (const chain of chains) arena.free(chain);
  auditEmpty(arena);
});

Deno.test("Arena's audit sees what is wrong", () => {
  const { segments, state } = memoryOf(64 * KIB);
  const arena = new Arena(segments, state);
  const chain = arena.allocate(100, 3);
  arena.extend(chain, 100);
  arena.allocate(10, 4);
  const words = new Int32Array(segments[0]!);
  const wrongs: [Int32Array, number, number][] = [
    [words, 0, 3], // no size
    [words, 1, 5], // a block before the first
    [words, 2, -1], // a chain cut off
    [words, 2, 4], // a chain that leads to another
    [words, 2 * 16 + 3, 9], // another owner
    [words, 2 * 16 + 1, 1], // another block before
    [words, 5 * 16 + 4, 0], // a wrong link in a list
    // maps, sums, and heads of lists that are not empty
    ...[...state.keys()].filter((i) => state[i]! > 0).map((i) =>
      [state, i, state[i]! ^ 1] as [Int32Array, number, number]
    ),
  ];
  for (const [where, at, value] of wrongs) {
    const before = where[at]!;
    where[at] = value;
    assert.throws(() => arena.audit(() => {}), Error, `word ${at} is ${value}`);
    where[at] = before;
  }
  arena.audit(() => {});
});
