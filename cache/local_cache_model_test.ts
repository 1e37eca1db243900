import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fill, Lease, Write, WriteScope } from "./cache.ts";
import { LocalCache } from "./local_cache.ts";
import { type CacheLimits, ENTRY_OVERHEAD_BYTES } from "./options.ts";
import { bytesOf, pattern, stringCodec } from "./testing/cache_probe.ts";

const OBJECTS = ["a/1", "a/2", "a/", "b/1"];
const SCOPES: WriteScope[] = [
  { objects: ["a/1"] },
  { objects: ["a/1", "b/1", "a/1"] },
  { objects: ["a/2"] },
  { prefix: "a/" },
  { prefix: "a/1" },
  { prefix: "" },
];

interface Content {
  readonly address: string;
  readonly serial: number;
  readonly size: number;
  readonly expiresAt: number;
  readonly charge: number;
}

interface RunningFill {
  readonly fill: Fill<string>;
  readonly object: string;
  readonly address: string;
  readonly serial: number;
  announced: number | undefined | "not yet";
  size: number;
  lost: boolean;
}

function concerns(scope: WriteScope, object: string): boolean {
  return "prefix" in scope ? object.startsWith(scope.prefix) : scope.objects.includes(object);
}

function chargeOf(address: string, serial: number, size: number): number {
  return ENTRY_OVERHEAD_BYTES + address.length - 1 + `${serial}`.length + size;
}

/** What the seam promises, and the cache that has to keep it, moved in step. */
class Bench {
  readonly #limits: CacheLimits;
  readonly #cache: LocalCache<string>;
  /** The last admitted of each address that no write has dropped; evictions are not modelled. */
  readonly #admitted = new Map<string, Content>();
  readonly #leases: { lease: Lease<string>; content: Content }[] = [];
  readonly #fills: RunningFill[] = [];
  readonly #writes: { write: Write; scope: WriteScope }[] = [];
  #now = 0;
  #serial = 0;
  /** Evictions counted when each address was admitted. */
  readonly #evictionsAt = new Map<string, number>();

  constructor(limits: CacheLimits) {
    this.#limits = limits;
    this.#cache = new LocalCache({ ...limits, codec: stringCodec });
  }

  lookup(object: string, variant: string): void {
    const address = `${object}|${variant}`;
    const lease = this.#cache.lookup(object, variant, this.#now);
    const content = this.#admitted.get(address);
    if (lease === undefined) {
      const excused = content === undefined || this.#now >= content.expiresAt ||
        this.#cache.stats().evictions > this.#evictionsAt.get(address)!;
      assert(excused, `${address} was not found, and nothing was evicted`);
      this.#admitted.delete(address);
      return;
    }
    assert(content, `${address} was found, and must not be`);
    assert(this.#now < content.expiresAt, `${address} was found after its expiry`);
    assert.deepEqual([lease.record, lease.size], [`${content.serial}`, content.size]);
    this.#leases.push({ lease, content });
  }

  release(pick: number): void {
    if (this.#leases.length === 0) return;
    const { lease } = this.#leases.splice(pick % this.#leases.length, 1)[0]!;
    lease.release();
    if (pick % 3 === 0) lease.release();
  }

  fill(object: string, variant: string): void {
    const barred = this.#writes.some(({ scope }) => concerns(scope, object));
    const fill = this.#cache.fill(object, variant, this.#now);
    assert.equal(fill === undefined, barred, `fill of ${object}`);
    if (fill === undefined) return;
    this.#serial += 1;
    const address = `${object}|${variant}`;
    const [serial, announced, size, lost] = [this.#serial, "not yet" as const, 0, false];
    this.#fills.push({ fill, object, address, serial, announced, size, lost });
  }

  begin(pick: number, size: number, known: boolean): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced !== "not yet") return;
    const { fill, address, serial, lost } = running;
    const charge = chargeOf(address, serial, known ? size : 0);
    const announcedOnly = this.#fills.every((other) => other.announced !== undefined);
    const begun = fill.begin(`${serial}`, known ? size : undefined);
    const tooLarge = known && size > this.#limits.maxObjectBytes;
    if (lost || tooLarge) assert.equal(begun, false);
    else if (announcedOnly) {
      const room = this.#limits.maxBytes - this.#pinned() - this.#reserved();
      assert.equal(begun, charge <= room, `${charge} bytes into ${room}`);
    }
    running.announced = known ? size : undefined;
    if (!begun) this.#forget(running);
  }

  /** Writes `length` bytes, or, where that is `"rest"`, what is missing. */
  write(pick: number, length: number | "rest"): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced === "not yet") return;
    const { fill, serial, announced, lost } = running;
    const missing = Math.max((announced ?? 0) - running.size, 0);
    const size = length === "rest" ? missing : length;
    const body = pattern(running.size + size, serial);
    const written = fill.write(body.subarray(running.size));
    running.size += size;
    if (lost || (announced !== undefined && running.size > announced)) assert.equal(written, false);
    else if (announced !== undefined) assert.equal(written, true);
    if (!written) this.#forget(running);
  }

  commit(pick: number): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined || running.announced === "not yet") return;
    const { fill, address, serial, size, announced, lost } = running;
    const whole = announced === undefined || announced === size;
    this.#forget(running);
    assert.equal(fill.commit(this.#now), !lost && whole, `commit of ${address}`);
    if (lost || !whole) return;
    const expiresAt = this.#now + this.#limits.ttlMs;
    const charge = chargeOf(address, serial, size);
    this.#admitted.set(address, { address, serial, size, expiresAt, charge });
    this.#evictionsAt.set(address, this.#cache.stats().evictions);
  }

  abort(pick: number): void {
    const running = this.#fills[pick % this.#fills.length];
    if (running === undefined) return;
    this.#forget(running);
    running.fill.abort();
  }

  beginWrite(scope: WriteScope): void {
    this.#writes.push({ write: this.#cache.beginWrite(scope), scope });
    for (const running of this.#fills) if (concerns(scope, running.object)) running.lost = true;
    for (const address of this.#admitted.keys()) {
      if (concerns(scope, address.slice(0, address.indexOf("|")))) this.#admitted.delete(address);
    }
  }

  endWrite(pick: number): void {
    if (this.#writes.length === 0) return;
    const { write } = this.#writes.splice(pick % this.#writes.length, 1)[0]!;
    write.end();
    if (pick % 3 === 0) write.end();
  }

  drop(object: string, variant: string): void {
    this.#cache.drop(object, variant);
    this.#admitted.delete(`${object}|${variant}`);
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Holds what must be true after every step. */
  inspect(): void {
    this.#cache.audit();
    const { entries, bytes, leases, fills, writes } = this.#cache.stats();
    assert(bytes <= this.#limits.maxBytes && entries <= this.#limits.maxEntries);
    assert(bytes >= this.#pinned() + this.#reserved(), "leased and reserved bytes are held");
    assert(entries <= this.#admitted.size, "no more is held than was admitted");
    assert.equal(leases, this.#leases.length);
    assert.equal(fills, this.#fills.filter(({ lost }) => !lost).length);
    assert.equal(writes, this.#writes.length);
    for (const { lease, content } of this.#leases) {
      assert.deepEqual(bytesOf(lease), pattern(content.size, content.serial));
    }
  }

  /** Ends all that is in flight; a write of everything must leave nothing. */
  close(): void {
    for (const { lease } of this.#leases.splice(0)) lease.release();
    for (const { fill } of this.#fills.splice(0)) fill.abort();
    for (const { write } of this.#writes.splice(0)) write.end();
    this.beginWrite({ prefix: "" });
    this.endWrite(0);
    this.inspect();
    assert.equal(this.#cache.stats().bytes, 0);
  }

  #forget(running: RunningFill): void {
    this.#fills.splice(this.#fills.indexOf(running), 1);
  }

  #pinned(): number {
    const contents = new Set(this.#leases.map(({ content }) => content));
    return [...contents].reduce((sum, { charge }) => sum + charge, 0);
  }

  /** What running fills have reserved at least: exactly, where each size was announced. */
  #reserved(): number {
    return this.#fills.reduce((sum, { address, serial, announced, size, lost }) => {
      if (lost || announced === "not yet") return sum;
      return sum + chargeOf(address, serial, announced ?? size);
    }, 0);
  }
}

const object = fc.constantFrom(...OBJECTS);
const variant = fc.constantFrom("", "v");
const pick = fc.nat(50);
const step: fc.Arbitrary<(bench: Bench) => void> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(object, variant).map(([o, v]) => (b: Bench) => b.lookup(o, v)) },
  { weight: 3, arbitrary: pick.map((p) => (b: Bench) => b.release(p)) },
  { weight: 6, arbitrary: fc.tuple(object, variant).map(([o, v]) => (b: Bench) => b.fill(o, v)) },
  {
    weight: 6,
    arbitrary: fc.tuple(pick, fc.constantFrom(0, 1, 300, 2_000, 5_000), fc.boolean()).map(
      ([p, size, known]) => (b: Bench) => b.begin(p, size, known),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(pick, fc.constantFrom("rest" as const, "rest" as const, 0, 1, 300, 2_000))
      .map(
        ([p, size]) => (b: Bench) => b.write(p, size),
      ),
  },
  { weight: 6, arbitrary: pick.map((p) => (b: Bench) => b.commit(p)) },
  { weight: 1, arbitrary: pick.map((p) => (b: Bench) => b.abort(p)) },
  { weight: 1, arbitrary: fc.constantFrom(...SCOPES).map((s) => (b: Bench) => b.beginWrite(s)) },
  { weight: 2, arbitrary: pick.map((p) => (b: Bench) => b.endWrite(p)) },
  { weight: 1, arbitrary: fc.tuple(object, variant).map(([o, v]) => (b: Bench) => b.drop(o, v)) },
  { weight: 1, arbitrary: fc.integer({ min: -40, max: 60 }).map((ms) => (b: Bench) => b.pass(ms)) },
);

const limits: fc.Arbitrary<CacheLimits> = fc.record({
  maxBytes: fc.constantFrom(8_000, 16_000, 50_000),
  maxEntries: fc.constantFrom(1, 3, 100),
  maxObjectBytes: fc.constantFrom(3_500, 8_000),
  ttlMs: fc.constantFrom(100, 100_000),
  shards: fc.constantFrom(1, 3),
});

Deno.test("LocalCache keeps the promises of the seam in any interleaving", () => {
  fc.assert(
    fc.property(limits, fc.array(step, { maxLength: 200, size: "max" }), (limits, program) => {
      const bench = new Bench(limits);
      for (const move of program) {
        move(bench);
        bench.inspect();
      }
      bench.close();
    }),
    { numRuns: 500 },
  );
});
