/**
 * What a lease keeps.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Lease } from "../cache.ts";
import { bytesOf, isHeld, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";
import { CONFORMANCE_LIMITS } from "./conformance_case.ts";

/** What a lease keeps. */
export const leaseCases: readonly ConformanceCase[] = [
  {
    what: "keeps leased bytes through drop, write, replacement and eviction",
    run: async (cache) => {
      for (const object of ["dropped", "written", "replaced", "evicted"]) {
        put(cache, { object, body: pattern(5_000, object.length), record: object });
      }
      const held: Lease<string>[] = [];
      for (const object of ["dropped", "written", "replaced", "evicted"]) {
        held.push(cache.lookup(object, "", 0)!);
      }
      cache.drop("dropped", "");
      (await cache.beginWrite({ objects: ["written"] })).end();
      put(cache, { object: "replaced", body: pattern(5_000, 77) });
      for (let i = 0; i < 300; i++) {
        put(cache, { object: `${i}`, body: pattern(100_000, i) });
        assert(cache.stats().bytes <= CONFORMANCE_LIMITS.maxBytes);
      }
      assert.equal(isHeld(cache, "evicted"), false);
      for (const lease of held) {
        assert.deepEqual(bytesOf(lease), pattern(5_000, lease.record.length));
      }
      (await cache.beginWrite({ prefix: "" })).end();
      assert(cache.stats().bytes >= 4 * 5_000, "leased bytes are held");
      for (const lease of held) lease.release();
      for (const lease of held) lease.release();
      assert.equal(cache.stats().bytes, 0);
    },
  },

  {
    what: "refuses bytes after the release",
    run: (cache) => {
      put(cache, { object: "object" });
      const [lease, twin] = [
        cache.lookup("object", "", 0),
        cache.lookup("object", "", 0),
      ];
      const running = lease!.chunks(0, 10)[Symbol.iterator]();
      lease!.release();
      lease!.release();
      assert.throws(() => lease!.chunks(0, 10), /released/);
      assert.throws(() => running.next(), /released/);
      assert.deepEqual(bytesOf(twin!), pattern(10, 1));
      twin!.release();
    },
  },
];
