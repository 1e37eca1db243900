/**
 * What the cache holds at most.
 *
 * @module
 */
import assert from "node:assert/strict";
import { begun, isHeld, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { seededRandom } from "./random.ts";

/** What the cache holds at most. */
export const boundCases: readonly ConformanceCase[] = [
  {
    what: "holds both bounds at every step",
    run: async (cache, stats) => {
      const random = seededRandom(7);
      for (let i = 0; i < 500; i++) {
        const size = Math.floor(random() * (i % 2 === 0 ? 1_000 : 400_000));
        assert.equal(await put(cache, { object: `${i % 90}`, body: new Uint8Array(size) }), true);
        const { entries, bytes } = await stats();
        assert(entries <= 50, `${entries} entries`);
        assert(bytes <= 4_000_000, `${bytes} bytes`);
      }
      const { entries, evictions } = await stats();
      assert(entries > 5 && evictions > 100, `${entries} entries, ${evictions} evictions`);
    },
  },

  {
    what: "refuses an entry larger than permitted, announced or not",
    run: async (cache, stats) => {
      const announced = await cache.fill("object", "", 0);
      assert.equal(announced!.begin("record", 2_000_001), false);
      assert.equal(announced!.write(pattern(1, 1)), false);
      assert.equal(await announced!.commit(0), false);
      const grown = await cache.fill("object", "", 0);
      assert.equal(grown!.begin("record", undefined), true);
      let taken = 0;
      while (grown!.write(new Uint8Array(50_000))) taken += 50_000;
      assert(taken <= 2_000_000 && taken >= 1_900_000, `${taken} bytes were taken`);
      assert.equal(await grown!.commit(0), false);
      const { entries, bytes } = await stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },

  {
    what: "takes an entry that needs nearly all there is",
    run: async (cache) => {
      for (let i = 0; i < 40; i++) await put(cache, { object: `${i}`, body: pattern(90_000, i) });
      assert.equal(await put(cache, { object: "large", body: new Uint8Array(1_990_000) }), true);
      assert.equal(await isHeld(cache, "large"), true);
    },
  },

  {
    what: "counts running fills, and refuses what has no room beside them",
    run: async (cache, stats) => {
      await put(cache, { object: "evicted", body: new Uint8Array(1_000_000) });
      const fills = [];
      for (const object of ["1", "2", "3"]) {
        fills.push(await begun(cache, { object, body: new Uint8Array(1_100_000) }));
      }
      assert.equal(await isHeld(cache, "evicted"), false);
      const refused = await cache.fill("refused", "", 0);
      assert.equal(refused!.begin("record", 1_100_000), false);
      assert((await stats()).bytes >= 3_300_000);
      for (const fill of fills) fill.abort();
      assert.equal((await stats()).bytes, 0);
    },
  },

  {
    what: "refuses what has no room beside leases, and evicts nothing for it",
    run: async (cache, stats) => {
      const held = [];
      for (const object of ["1", "2", "3"]) {
        await put(cache, { object, body: new Uint8Array(1_000_000) });
        held.push((await cache.lookup(object, "", 0))!);
      }
      await put(cache, { object: "unleased", body: new Uint8Array(100_000) });
      const refused = await cache.fill("refused", "", 0);
      assert.equal(refused!.begin("record", 1_100_000), false);
      assert.equal((await stats()).evictions, 0);
      for (const lease of held) lease.release();
      assert.equal(await put(cache, { object: "accepted", body: new Uint8Array(1_100_000) }), true);
    },
  },

  {
    what: "holds one entry at a time, if told so",
    run: async (cache, stats) => {
      for (let i = 0; i < 20; i++) {
        assert.equal(await put(cache, { object: `${i}` }), true);
        assert.equal(await isHeld(cache, `${i}`), true);
        assert.equal((await stats()).entries, 1);
      }
    },
    limits: { maxEntries: 1 },
  },
];
