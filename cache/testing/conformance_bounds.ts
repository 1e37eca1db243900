/**
 * What the cache holds at most.
 *
 * @module
 */
import assert from "node:assert/strict";
import { begun, isHeld, led, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { seededRandom } from "./random.ts";

/** What the cache holds at most. */
export const boundCases: readonly ConformanceCase[] = [
  {
    what: "holds both bounds at every step",
    run: (cache) => {
      const random = seededRandom(7);
      for (let i = 0; i < 500; i++) {
        const size = Math.floor(random() * (i % 2 === 0 ? 1_000 : 400_000));
        assert.equal(put(cache, { object: `${i % 90}`, body: new Uint8Array(size) }), true);
        const { entries, bytes } = cache.stats();
        assert(entries <= 50, `${entries} entries`);
        assert(bytes <= 4_000_000, `${bytes} bytes`);
      }
      const { entries, evictions } = cache.stats();
      assert(entries > 5 && evictions > 100, `${entries} entries, ${evictions} evictions`);
    },
  },

  {
    what: "refuses an entry larger than permitted, announced or not",
    run: (cache) => {
      const announced = led(cache, "object", "");
      assert.equal(announced!.begin("record", 2_000_001), false);
      assert.equal(announced!.write(pattern(1, 1)), false);
      assert.equal(announced!.commit(0), false);
      const grown = led(cache, "object", "");
      assert.equal(grown!.begin("record", undefined), true);
      let taken = 0;
      while (grown!.write(new Uint8Array(50_000))) taken += 50_000;
      assert(taken <= 2_000_000 && taken >= 1_900_000, `${taken} bytes were taken`);
      assert.equal(grown!.commit(0), false);
      const { entries, bytes } = cache.stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },

  {
    what: "takes an entry that needs nearly all there is",
    run: (cache) => {
      for (let i = 0; i < 40; i++) put(cache, { object: `${i}`, body: pattern(90_000, i) });
      assert.equal(put(cache, { object: "large", body: new Uint8Array(1_990_000) }), true);
      assert.equal(isHeld(cache, "large"), true);
    },
  },

  {
    what: "counts running fills, and refuses what has no room beside them",
    run: (cache) => {
      put(cache, { object: "evicted", body: new Uint8Array(1_000_000) });
      const fills = [];
      for (const object of ["1", "2", "3"]) {
        fills.push(begun(cache, { object, body: new Uint8Array(1_100_000) }));
      }
      assert.equal(isHeld(cache, "evicted"), false);
      const refused = led(cache, "refused", "");
      assert.equal(refused!.begin("record", 1_100_000), false);
      assert(cache.stats().bytes >= 3_300_000);
      for (const fill of fills) fill.abort();
      assert.equal(cache.stats().bytes, 0);
    },
  },

  {
    what: "refuses what has no room beside leases, and does not empty itself for it",
    run: (cache) => {
      const held = [];
      for (const object of ["1", "2", "3"]) {
        put(cache, { object, body: new Uint8Array(1_000_000) });
        held.push(cache.lookup(object, "", 0)!);
      }
      for (let i = 0; i < 10; i++) put(cache, { object: `small ${i}` });
      const refused = led(cache, "refused", "");
      assert.equal(refused!.begin("record", 1_100_000), false);
      assert(cache.stats().entries >= 10, "small entries make no room for it");
      for (const lease of held) lease.release();
      assert.equal(put(cache, { object: "accepted", body: new Uint8Array(1_100_000) }), true);
    },
  },

  {
    what: "holds one entry at a time, if told so",
    run: (cache) => {
      for (let i = 0; i < 20; i++) {
        assert.equal(put(cache, { object: `${i}` }), true);
        assert.equal(isHeld(cache, `${i}`), true);
        assert.equal(cache.stats().entries, 1);
      }
    },
    limits: { maxEntries: 1 },
  },
];
