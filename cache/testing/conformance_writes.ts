/**
 * What a write drops and bars.
 *
 * @module
 */
import assert from "node:assert/strict";
import { begun, followed, isHeld, led, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** What a write drops and bars. */
export const writeCases: readonly ConformanceCase[] = [
  {
    what: "drops all variants when a write begins, and only of that object",
    run: async (cache) => {
      for (const variant of ["", "1", "2", "3"]) put(cache, { object: "a", variant });
      put(cache, { object: "ab" });
      const write = await cache.beginWrite({ objects: ["a", "none"] });
      for (const variant of ["", "1", "2", "3"]) {
        assert.equal(isHeld(cache, "a", variant), false);
      }
      assert.equal(isHeld(cache, "ab"), true);
      assert.equal(cache.acquire("a", "", 0).kind, "bypass");
      assert.equal(cache.acquire("none", "", 0).kind, "bypass");
      write.end();
      assert.equal(put(cache, { object: "a" }), true);
      assert.equal(isHeld(cache, "a"), true);
    },
  },

  {
    what: "never admits a fill that a write overtook, though it serves those who follow it",
    run: async (cache) => {
      const fills = [
        led(cache, "object", "unannounced"),
        begun(cache, { object: "object", variant: "announced" }),
        begun(cache, { object: "object", variant: "complete" }),
        begun(cache, { object: "object", variant: "given up" }),
      ];
      fills[2]!.write(pattern(10, 1));
      const followers = fills.map((fill) => fill.follow());
      const write = await cache.beginWrite({ objects: ["object"] });
      assert.equal(cache.stats().fills, 0);
      assert.equal(fills[2]!.commit(0), false);
      write.end();
      const again = led(cache, "object", "announced");
      assert.equal(fills[0]!.begin("record", 10), true);
      for (const fill of fills.slice(0, 2)) {
        assert.equal(fill.write(pattern(10, 1)), true);
        assert.equal(fill.commit(0), false);
      }
      fills[3]!.abort(7);
      again.abort();
      for (const follower of followers.slice(0, 3)) {
        assert.equal((await follower.head()).kind, "begun");
        assert.deepEqual(await followed(follower), pattern(10, 1));
      }
      assert.equal(await followed(followers[3]!), 7);
      for (const follower of followers) follower.release();
      const { entries, bytes } = cache.stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },

  {
    what: "bars an object until the last of its writes has ended",
    run: async (cache) => {
      const first = await cache.beginWrite({ objects: ["object", "object"] });
      const second = await cache.beginWrite({ objects: ["object"] });
      const third = await cache.beginWrite({ prefix: "obj" });
      for (const write of [first, third, second]) {
        assert.equal(cache.acquire("object", "", 0).kind, "bypass");
        write.end();
        write.end();
      }
      assert.equal(put(cache, { object: "object" }), true);
    },
  },

  {
    what: "drops and bars by prefix",
    run: async (cache) => {
      for (const object of ["b/1", "b/2", "b", "c/1"]) put(cache, { object });
      const fill = begun(cache, { object: "b/3" });
      const other = begun(cache, { object: "c/3" });
      const write = await cache.beginWrite({ prefix: "b/" });
      const twin = await cache.beginWrite({ prefix: "b/" });
      for (const object of ["b/1", "b/2"]) assert.equal(isHeld(cache, object), false);
      for (const object of ["b", "c/1"]) assert.equal(isHeld(cache, object), true);
      write.end();
      assert.equal(cache.acquire("b/4", "", 0).kind, "bypass");
      twin.end();
      assert.equal(fill.write(pattern(10, 1)), true);
      assert.equal(fill.commit(0), false);
      assert.equal(other.write(pattern(10, 1)), true);
      assert.equal(other.commit(0), true);
      assert.equal(put(cache, { object: "b/4" }), true);
    },
  },

  {
    what: "empties itself for a write of everything",
    run: async (cache) => {
      for (let i = 0; i < 40; i++) put(cache, { object: `${i % 20}`, variant: `${i}` });
      (await cache.beginWrite({ prefix: "" })).end();
      const { entries, bytes } = cache.stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },
];
