/**
 * What a write drops and bars.
 *
 * @module
 */
import assert from "node:assert/strict";
import { begun, isHeld, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** What a write drops and bars. */
export const writeCases: readonly ConformanceCase[] = [
  {
    what: "drops all variants when a write begins, and only of that object",
    run: async (cache) => {
      for (const variant of ["", "1", "2", "3"]) await put(cache, { object: "a", variant });
      await put(cache, { object: "ab" });
      const write = await cache.beginWrite({ objects: ["a", "none"] });
      for (const variant of ["", "1", "2", "3"]) {
        assert.equal(await isHeld(cache, "a", variant), false);
      }
      assert.equal(await isHeld(cache, "ab"), true);
      assert.equal(await cache.fill("a", "", 0), undefined);
      assert.equal(await cache.fill("none", "", 0), undefined);
      await write.end();
      assert.equal(await put(cache, { object: "a" }), true);
      assert.equal(await isHeld(cache, "a"), true);
    },
  },

  {
    what: "never admits a fill that a write overtook",
    run: async (cache, stats) => {
      const fills = [
        await cache.fill("object", "unannounced", 0),
        await begun(cache, { object: "object", variant: "announced" }),
        await begun(cache, { object: "object", variant: "complete" }),
      ];
      fills[2]!.write(pattern(10, 1));
      const write = await cache.beginWrite({ objects: ["object"] });
      assert.equal((await stats()).fills, 0);
      assert.equal(await fills[2]!.commit(0), false);
      await write.end();
      assert.equal(fills[0]!.begin("record", 10), false);
      assert.equal(fills[1]!.write(pattern(10, 1)), false);
      for (const fill of fills) assert.equal(await fill!.commit(0), false);
      for (const fill of fills) fill!.abort();
      const { entries, bytes } = await stats();
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
        assert.equal(await cache.fill("object", "", 0), undefined);
        await write.end();
        await write.end();
      }
      assert.equal(await put(cache, { object: "object" }), true);
    },
  },

  {
    what: "drops and bars by prefix",
    run: async (cache) => {
      for (const object of ["b/1", "b/2", "b", "c/1"]) await put(cache, { object });
      const fill = await begun(cache, { object: "b/3" });
      const other = await begun(cache, { object: "c/3" });
      const write = await cache.beginWrite({ prefix: "b/" });
      const twin = await cache.beginWrite({ prefix: "b/" });
      for (const object of ["b/1", "b/2"]) assert.equal(await isHeld(cache, object), false);
      for (const object of ["b", "c/1"]) assert.equal(await isHeld(cache, object), true);
      await write.end();
      assert.equal(await cache.fill("b/4", "", 0), undefined);
      await twin.end();
      assert.equal(fill.write(pattern(10, 1)), false);
      assert.equal(await fill.commit(0), false);
      assert.equal(other.write(pattern(10, 1)), true);
      assert.equal(await other.commit(0), true);
      assert.equal(await put(cache, { object: "b/4" }), true);
    },
  },

  {
    what: "empties itself for a write of everything",
    run: async (cache, stats) => {
      for (let i = 0; i < 40; i++) await put(cache, { object: `${i % 20}`, variant: `${i}` });
      await (await cache.beginWrite({ prefix: "" })).end();
      const { entries, bytes } = await stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },
];
