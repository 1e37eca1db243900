/**
 * How fills end.
 *
 * @module
 */
import assert from "node:assert/strict";
import { begun, bytesOf, led, pattern } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** How fills end. */
export const fillCases: readonly ConformanceCase[] = [
  {
    what: "admits nothing that is shorter or longer than announced",
    run: (cache) => {
      const short = begun(cache, { object: "short" });
      assert.equal(short.write(pattern(9, 1)), true);
      assert.equal(short.commit(0), false);
      const long = begun(cache, { object: "long" });
      assert.equal(long.write(pattern(10, 1)), true);
      assert.equal(long.write(pattern(1, 1)), false);
      assert.equal(long.write(pattern(1, 1)), false);
      assert.equal(long.commit(0), false);
      const { entries, bytes } = cache.stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },

  {
    what: "forgets a fill that is given up",
    run: (cache) => {
      led(cache, "unannounced").abort();
      const fill = begun(cache, { object: "object" });
      fill.write(pattern(10, 1));
      assert.equal(cache.stats().fills, 1);
      fill.abort();
      fill.abort();
      assert.equal(fill.write(pattern(1, 1)), false);
      assert.equal(fill.commit(0), false);
      const { entries, bytes } = cache.stats();
      assert.deepEqual({ entries, bytes }, { entries: 0, bytes: 0 });
    },
  },

  {
    what: "ignores what comes after the commit",
    run: (cache) => {
      const fill = begun(cache, { object: "object" });
      fill.write(pattern(10, 1));
      assert.equal(fill.commit(0), true);
      fill.abort();
      assert.equal(fill.write(pattern(10, 2)), false);
      assert.equal(fill.commit(0), false);
      const lease = cache.lookup("object", "", 0);
      assert.deepEqual(bytesOf(lease!), pattern(10, 1));
      lease!.release();
    },
  },

  {
    what: "takes bytes that were written to its room",
    run: async (cache) => {
      const body = pattern(100_003, 1);
      const fill = led(cache, "object", "");
      assert.throws(() => fill.room(), /not begun/);
      const follower = fill.follow();
      fill.begin("record", body.length);
      fill.write(body.subarray(0, 3));
      let landed = 3;
      for (let room = fill.room(); room !== undefined; room = fill.room()) {
        const part = body.subarray(landed, landed + Math.min(room.length, 40_000));
        room.set(part);
        assert.equal(fill.skip(part.length), true);
        landed += part.length;
      }
      assert.equal(landed, body.length);
      assert.equal(fill.commit(0), true);
      assert.equal(fill.room(), undefined);
      for (let at = 0; at < body.length;) {
        const view = (await follower.read())!;
        assert.deepEqual([...view], [...body.subarray(at, at + view.length)]);
        at += view.length;
      }
      follower.release();
      const unknown = led(cache, "unknown", "");
      unknown.begin("record", undefined);
      assert.equal(unknown.room(), undefined);
      unknown.abort();
    },
  },

  {
    what: "throws when a fill is used out of order",
    run: (cache) => {
      const fill = led(cache, "object", "");
      assert.throws(() => fill!.write(pattern(1, 1)), /not begun/);
      assert.throws(() => fill.commit(0), /not begun/);
      assert.throws(() => fill!.begin("record", -1), RangeError);
      assert.equal(fill!.begin("record", 1), true);
      assert.throws(() => fill!.begin("record", 1), /begun already/);
      fill.abort();
      assert.throws(() => fill.follow(), /ended/);
    },
  },
];
