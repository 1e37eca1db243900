import assert from "node:assert/strict";
import { Random } from "../workload/random.ts";
import { type SimOperation, type SimRequest, simRequest } from "../workload/sim_request.ts";
import { workload } from "../workload/workload.ts";
import { makePolicy } from "../policies/policies.ts";
import { NoStore } from "./no_store.ts";
import { OriginModel } from "./origin_model.ts";
import { ProductStore } from "./product_store.ts";
import { Simulation } from "./simulation.ts";
import type { Store } from "./store.ts";
import { WeighedStore } from "./weighed_store.ts";

const MEBIBYTE = 2 ** 20;

interface Bounds {
  readonly maxBytes?: number;
  readonly maxEntries?: number;
  readonly ttlMs?: number;
}

function productStore({ maxBytes = MEBIBYTE, maxEntries = 100, ttlMs = 1e6 }: Bounds): Store {
  return new ProductStore({ maxBytes, maxEntries, ttlMs, maxObjectBytes: 65_536, shards: 1 });
}

function weighedStore({ maxBytes = MEBIBYTE, maxEntries = 100, ttlMs = 1e6 }: Bounds): Store {
  const policy = makePolicy("s3-fifo", { maxBytes, maxEntries, shards: 1 });
  const limits = { maxBytes, maxEntries, ttlMs, maxObjectBytes: 65_536, overheadBytes: 480 };
  return new WeighedStore(policy, limits);
}

/** A simulation of an origin that takes 10 ms and 1 ms a kilobyte. */
function simulationOf(store: Store, clients: number): Simulation {
  const timing = { latencyMs: 10, bytesPerSecond: 1_000_000, grainMs: 0 };
  return new Simulation(store, new OriginModel(timing, new Random(1, "origin")), clients);
}

function run(simulation: Simulation, requests: readonly SimRequest[]): Simulation["tally"] {
  for (const request of requests) simulation.request(request);
  simulation.end();
  return simulation.tally;
}

/** `time operation key` of an object of 1,000 bytes. */
function at(time: number, operation: SimOperation, key: string): SimRequest {
  return simRequest(time, operation, key, 1_000);
}

for (const [name, storeOf] of [["The cache", productStore], ["Weights", weighedStore]] as const) {
  Deno.test(`${name}: a miss takes as long as the origin, a hit takes no time`, () => {
    const reads = [at(0, "read", "a"), at(0, "read", "a"), at(0, "read", "b")];
    const tally = run(simulationOf(storeOf({}), 1), reads);
    assert.deepEqual([tally.hits, tally.misses, tally.upstreamRequests], [1, 2, 2]);
    assert.equal(tally.durationMs, 22);
    assert.equal(tally.latency.mean, 22 / 3);
    assert.deepEqual([tally.upstreamBytes, tally.readBytes, tally.hitBytes], [2_000, 3_000, 1_000]);
  });

  Deno.test(`${name}: clients that ask for one object together send one request`, () => {
    const reads = ["a", "b", "a", "a"].map((key) => at(0, "read", key));
    const tally = run(simulationOf(storeOf({}), 4), reads);
    assert.deepEqual([tally.hits, tally.misses, tally.follows], [0, 4, 2]);
    assert.deepEqual([tally.upstreamRequests, tally.durationMs], [2, 11]);
  });

  Deno.test(`${name}: a request waits for a free client, and for its own time`, () => {
    const tally = run(simulationOf(storeOf({}), 2), [
      at(100, "read", "a"),
      at(100, "read", "b"),
      at(105, "read", "c"),
      at(200, "read", "a"),
    ]);
    assert.deepEqual([tally.hits, tally.misses], [1, 3]);
    assert.equal(tally.durationMs, 100);
    assert.equal(tally.latency.total, 4);
  });

  Deno.test(`${name}: an entry that is too old is asked for, and good for as long again`, () => {
    const times = [0, 500, 1_012, 1_014, 1_500, 2_030];
    const reads = times.map((time) => at(time, "read", "a"));
    const tally = run(simulationOf(storeOf({ ttlMs: 1_000 }), 2), reads);
    assert.deepEqual([tally.hits, tally.revalidations, tally.misses, tally.follows], [4, 2, 2, 1]);
    assert.deepEqual([tally.upstreamRequests, tally.upstreamBytes], [3, 1_000]);
    assert.equal(tally.durationMs, 2_040);
  });

  Deno.test(`${name}: an entry that is too old is fetched anew if its object has another size`, () => {
    const simulation = simulationOf(storeOf({ ttlMs: 1_000 }), 2);
    const sizes = [1_000, 2_000, 2_000];
    const tally = run(simulation, sizes.map((size, i) => simRequest(1_500 * i, "read", "a", size)));
    assert.deepEqual([tally.hits, tally.revalidations, tally.misses], [1, 1, 2]);
    assert.equal(simulation.store.stats().entries, 1);
  });

  Deno.test(`${name}: a write drops what it changes, and nothing it overtook is kept`, () => {
    const simulation = simulationOf(storeOf({}), 4);
    const tally = run(simulation, [
      at(0, "read", "a"),
      at(20, "read", "a"),
      at(20, "write", "a"),
      at(25, "read", "a"),
      at(40, "read", "a"),
      at(45, "delete", "a"),
      at(100, "read", "a"),
      at(200, "read", "a"),
    ]);
    assert.deepEqual([tally.hits, tally.misses, tally.writes], [2, 4, 2]);
    assert.equal(tally.upstreamRequests, 6);
    assert.equal(simulation.store.stats().entries, 1);
  });

  Deno.test(`${name}: a head is answered from what is held, and fills nothing`, () => {
    const operations = ["head", "read", "head", "read"] as const;
    const requests = operations.map((each, i) => at(100 * i, each, "a"));
    const tally = run(simulationOf(storeOf({}), 1), requests);
    assert.deepEqual([tally.hits, tally.misses], [2, 2]);
    assert.equal(tally.upstreamBytes, 1_000);
  });

  Deno.test(`${name}: both bounds hold, and what is too large is not kept`, () => {
    for (const bounds of [{ maxBytes: 100_000 }, { maxEntries: 5 }]) {
      const simulation = simulationOf(storeOf(bounds), 3);
      const sizes = Array.from({ length: 300 }, (_, i) => 1 + i * 7_919 % 70_000);
      run(simulation, sizes.map((size, i) => simRequest(0, "read", `${i % 90}`, size)));
      const { entries, bytes, evictions } = simulation.store.stats();
      assert(entries > 0 && entries <= (bounds.maxEntries ?? 100));
      assert(bytes > 0 && bytes <= (bounds.maxBytes ?? MEBIBYTE));
      assert(evictions > 0);
    }
  });
}

Deno.test("Without a cache everything goes to the origin", () => {
  const operations = ["read", "read", "head", "write"] as const;
  const requests = operations.map((each) => at(0, each, "a"));
  const tally = run(simulationOf(new NoStore(), 2), requests);
  assert.deepEqual([tally.hits, tally.misses, tally.writes], [0, 3, 1]);
  assert.equal(tally.upstreamRequests, 4);
});

Deno.test("The cache and the weights agree on the hit rate within 0.3 points", async () => {
  const source = workload({
    objects: 10_000,
    minBytes: 1_024,
    maxBytes: 65_536,
    pattern: "zipf",
    zipfExponent: 1,
    oneHitWonders: 0.1,
    requests: 50_000,
    seed: 7,
  });
  const bounds = { maxBytes: 20_000_000, maxEntries: 10_000 };
  const [real, weighed] = [productStore(bounds), weighedStore(bounds)]
    .map((store) => simulationOf(store, 16));
  for await (const batch of source.batches()) {
    for (const request of batch) {
      real!.request(request);
      weighed!.request(request);
    }
  }
  for (const simulation of [real!, weighed!]) simulation.end();
  const rates = [real!, weighed!].map(({ tally }) => 100 * tally.hitRate);
  assert(Math.abs(rates[0]! - rates[1]!) < 0.3, rates.join());
});
