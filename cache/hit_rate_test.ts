import assert from "node:assert/strict";
import type { Cache } from "./cache.ts";
import type { Fill } from "./fill.ts";
import { openCache } from "./open_cache.ts";
import type { SharedCache } from "./shared_cache.ts";
import type { CacheLimits } from "./options.ts";
import { stringCodec } from "./testing/cache_probe.ts";
import { seededRandom, zipfRanks } from "./testing/random.ts";

const OBJECTS = 10_000;
const LARGEST = 65_536;
const zeros = new Uint8Array(LARGEST);

/** A client that reads objects of 1 KiB to 64 KiB through a cache, and counts. */
class Reader {
  readonly #cache: Cache<string>;
  readonly #sizes: number[];
  readonly #next: () => number;
  #hits = 0;
  #requests = 0;

  constructor(cache: Cache<string>, seed: number) {
    const random = seededRandom(seed);
    this.#cache = cache;
    this.#sizes = Array.from(
      { length: OBJECTS },
      () => 1_024 + Math.floor(random() * (LARGEST - 1_023)),
    );
    this.#next = zipfRanks(OBJECTS, 1, random);
  }

  /** Reads on until `requests` are made in all, and returns the hits so far in percent. */
  readUpTo(requests: number): number {
    for (; this.#requests < requests; this.#requests++) {
      const rank = this.#next();
      const acquired = this.#cache.acquire(`bucket/${rank}`, "", 0);
      if (acquired.kind === "hit") {
        this.#hits += 1;
        acquired.lease.release();
      } else {
        assert(acquired.kind === "lead");
        fill(acquired.fill, this.#sizes[rank]!);
      }
    }
    return 100 * this.#hits / this.#requests;
  }
}

function fill(fill: Fill<string>, size: number): void {
  assert.equal(fill.begin("record", size), true);
  assert.equal(fill.write(zeros.subarray(0, size)), true);
  assert.equal(fill.commit(0), true);
}

function cacheOf(limits: Partial<CacheLimits>): SharedCache<string> {
  return openCache({
    maxBytes: 1_000_000_000,
    maxEntries: 1_000,
    maxObjectBytes: 1_000_000,
    ttlMs: 300_000,
    shards: 4,
    ...limits,
    codec: stringCodec,
  });
}

/** The hit rate of the best choice of entries that never changes, in percent. */
function bestStatic(entries: number): number {
  const weightOf = (ranks: number): number => {
    let sum = 0;
    for (let rank = 1; rank <= ranks; rank++) sum += 1 / rank;
    return sum;
  };
  return 100 * weightOf(entries) / weightOf(OBJECTS);
}

for (const shards of [1, 4, 16]) {
  Deno.test(`1,000 entries of 10,000 under Zipf 1.0 come near the best, shards: ${shards}`, () => {
    const cache = cacheOf({ shards });
    const reader = new Reader(cache, 42);
    const cold = reader.readUpTo(20_000);
    const all = reader.readUpTo(100_000);
    assert(cold >= 69, `${cold} % after 20,000`);
    assert(all >= 72, `${all} % after 100,000`);
    assert(all < bestStatic(1_000), `${all} % after 100,000`);
    cache.audit();
  });
}

Deno.test("The hit rate does not fall in a long run that both bounds press on", () => {
  const cache = cacheOf({ maxEntries: 300, maxBytes: 20_000_000 });
  const reader = new Reader(cache, 42);
  const first = reader.readUpTo(20_000);
  const second = reader.readUpTo(200_000);
  assert(first >= 56 && second >= first, `${first} % and then ${second} %`);
  cache.audit();
});

Deno.test("The hit rate does not fall in a long run that the byte bound presses on", () => {
  const cache = cacheOf({ maxEntries: 1_000, maxBytes: 10_000_000 });
  const reader = new Reader(cache, 42);
  const first = reader.readUpTo(20_000);
  const second = reader.readUpTo(100_000);
  assert(first >= 54.2 && second >= first, `${first} % and then ${second} %`);
  cache.audit();
});
