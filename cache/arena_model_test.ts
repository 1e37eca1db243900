import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Arena, ARENA_STATE_WORDS, formatArena } from "./arena.ts";

const UNIT = 64;
const HEADER = 16;
const LARGE = 512;
const SEGMENTS = [300_000, 64, 100_037, 65_536];

interface Chain {
  readonly address: number;
  readonly owner: number;
  /** Bytes asked for. */
  bytes: number;
}

interface Stretch {
  readonly segment: number;
  readonly from: number;
  readonly units: number;
}

function unitsFor(bytes: number): number {
  return Math.ceil((bytes + HEADER) / UNIT);
}

function payload(units: number): number {
  return units * UNIT - HEADER;
}

/** An arena, and all that is known of it from outside. */
class Bench {
  readonly #segments = SEGMENTS.map((bytes) => new SharedArrayBuffer(bytes));
  readonly #state = new Int32Array(new SharedArrayBuffer(ARENA_STATE_WORDS * 4));
  readonly #arenas: Arena[];
  readonly #chains: Chain[] = [];
  #turn = 0;
  #owners = 0;

  constructor() {
    formatArena(this.#segments, this.#state);
    this.#arenas = [0, 1].map(() => new Arena(this.#segments, this.#state));
  }

  /** Two that are attached to the same memory, in turns. */
  get #arena(): Arena {
    return this.#arenas[this.#turn++ % 2]!;
  }

  allocate(bytes: number): void {
    const owner = ++this.#owners;
    let address = -1;
    this.#expect(bytes, () => {
      address = this.#arena.allocate(bytes, owner);
      return address;
    });
    if (address === -1) return;
    this.#chains.push({ address, owner, bytes });
    this.#paint(address, owner, 0);
  }

  extend(pick: number, bytes: number): void {
    const chain = this.#chains[pick % this.#chains.length];
    if (chain === undefined || bytes === 0) return;
    const extents = this.#extents(chain.address);
    this.#expect(bytes, () => {
      if (!this.#arena.extend(extents[pick % extents.length]!, bytes)) return -1;
      return this.#extents(chain.address)[extents.length]!;
    });
    this.#paint(chain.address, chain.owner, extents.length);
    chain.bytes = extents.reduce((sum, at) => sum + this.#arena.extents.length(at), 0);
    if (this.#extents(chain.address).length > extents.length) chain.bytes += bytes;
  }

  truncate(pick: number, bytes: number): void {
    const chain = this.#chains[pick % this.#chains.length];
    if (chain === undefined) return;
    this.#arena.truncate(chain.address, bytes);
    chain.bytes = Math.min(chain.bytes, bytes);
    let room = 0;
    for (const extent of this.#extents(chain.address)) {
      assert(room === 0 || room < bytes, "an extent beyond the end is kept");
      room += this.#arena.extents.length(extent);
    }
    if (bytes === chain.bytes) assert(room < Math.max(bytes, 1) + UNIT, "units are kept");
  }

  free(pick: number): void {
    const [chain] = this.#chains.splice(pick % (this.#chains.length || 1), 1);
    if (chain === undefined) return;
    this.#examine(chain);
    this.#arena.free(chain.address);
  }

  /** Audits the arena, and holds it against the chains. */
  inspect(): void {
    const chains = new Map(this.#chains.map((chain) => [chain.address, chain]));
    this.#arena.audit((address, owner, extents) => {
      assert.equal(chains.get(address)?.owner, owner);
      assert.equal(this.#extents(address).length, extents);
      chains.delete(address);
    });
    assert.equal(chains.size, 0);
    const units = this.#stretches().reduce((sum, { units }) => sum + units, 0);
    assert.equal(this.#arena.usedBytes, units * UNIT);
    this.#gaps();
  }

  close(): void {
    while (this.#chains.length > 0) this.free(this.#turn);
    this.inspect();
    assert.deepEqual(this.#gaps(), SEGMENTS.map((bytes) => Math.floor(bytes / UNIT)));
  }

  /** Calls what makes a chain of extents, and holds the outcome against the gaps there are. */
  #expect(bytes: number, make: () => number): void {
    const gaps = this.#gaps();
    const fits = gaps.some((units) => units >= unitsFor(bytes));
    const scattered = fits || this.#scatters(bytes, gaps);
    const before = scattered ? [] : this.#snapshot();
    const first = make();
    const after = scattered ? [] : this.#snapshot();
    assert(before.every((bytes, i) => bytes.equals(after[i]!)), "a failure has an effect");
    assert.equal(first !== -1, scattered, `${bytes} bytes in gaps of ${gaps}`);
    if (first === -1) return;
    const units = this.#extents(first).map((at) => this.#stretch(at).units);
    if (fits) assert.deepEqual(units, [unitsFor(bytes)]);
    assert(units.slice(0, -1).every((units) => units >= LARGE), `extents of ${units} units`);
    const room = units.reduce((sum, units) => sum + payload(units), 0);
    assert(room >= bytes && room < bytes + UNIT, `${room} bytes of room for ${bytes}`);
  }

  #scatters(bytes: number, gaps: number[]): boolean {
    const large = gaps.filter((units) => units >= LARGE);
    const rest = bytes - large.reduce((sum, units) => sum + payload(units), 0);
    return rest <= 0 || gaps.some((units) => units < LARGE && units >= unitsFor(rest));
  }

  /** Sizes of what no chain covers, in the order of the memory. */
  #gaps(): number[] {
    const gaps: number[] = [];
    const stretches = this.#stretches();
    SEGMENTS.forEach((bytes, segment) => {
      const inSegment = stretches.filter((stretch) => stretch.segment === segment);
      let end = 0;
      for (const { from, units } of inSegment.sort((a, b) => a.from - b.from)) {
        assert(from >= end, "chains overlap");
        if (from > end) gaps.push(from - end);
        end = from + units;
      }
      const all = Math.floor(bytes / UNIT);
      assert(end <= all, "a chain crosses the end of its segment");
      if (end < all) gaps.push(all - end);
    });
    return gaps;
  }

  #stretches(): Stretch[] {
    return this.#chains.flatMap(({ address }) =>
      this.#extents(address).map((extent) => this.#stretch(extent))
    );
  }

  #stretch(extent: number): Stretch {
    const { extents } = this.#arena;
    return {
      segment: extents.segment(extent),
      from: (extents.offset(extent) - HEADER) / UNIT,
      units: (extents.length(extent) + HEADER) / UNIT,
    };
  }

  #extents(address: number): number[] {
    const found: number[] = [];
    for (let at = address; at !== -1; at = this.#arena.extents.next(at)) found.push(at);
    return found;
  }

  /** Fills extents with words that are of no other extent. */
  #paint(address: number, owner: number, from: number): void {
    this.#extents(address).slice(from).forEach((extent, i) =>
      this.#words(extent).fill(owner * 1_000 + from + i)
    );
  }

  #examine({ address, owner, bytes }: Chain): void {
    const extents = this.#extents(address);
    extents.forEach((extent, i) => {
      const colour = owner * 1_000 + i;
      assert(this.#words(extent).every((word) => word === colour), `bytes of chain ${owner}`);
    });
    const room = extents.reduce((sum, extent) => sum + this.#arena.extents.length(extent), 0);
    assert(room >= bytes, `${room} bytes of room for ${bytes}`);
  }

  #words(extent: number): Int32Array {
    const { extents } = this.#arena;
    const segment = this.#segments[extents.segment(extent)]!;
    return new Int32Array(segment, extents.offset(extent), extents.length(extent) / 4);
  }

  #snapshot(): Buffer[] {
    return [this.#state.buffer, ...this.#segments].map((buffer) =>
      Buffer.from(new Uint8Array(buffer))
    );
  }
}

const size = fc.oneof(
  fc.nat(200),
  fc.nat(5_000),
  fc.integer({ min: 30_000, max: 40_000 }),
  fc.nat(400_000),
);
const pick = fc.nat(100);
const step: fc.Arbitrary<(bench: Bench) => void> = fc.oneof(
  { weight: 10, arbitrary: size.map((bytes) => (bench: Bench) => bench.allocate(bytes)) },
  {
    weight: 3,
    arbitrary: fc.tuple(pick, size).map(([p, bytes]) => (bench: Bench) => bench.extend(p, bytes)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, size).map(([p, bytes]) => (bench: Bench) => bench.truncate(p, bytes)),
  },
  { weight: 8, arbitrary: pick.map((p) => (bench: Bench) => bench.free(p)) },
);

Deno.test("Arena gives what its gaps have room for, and nothing twice", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: "max" }), (program) => {
      const bench = new Bench();
      for (const move of program) {
        move(bench);
        bench.inspect();
      }
      bench.close();
    }),
    { numRuns: 200 },
  );
});
