/**
 * Time.
 *
 * @module
 */
import assert from "node:assert/strict";
import { bytesOf, isHeld, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Time. */
export const expiryCases: readonly ConformanceCase[] = [
  {
    what: "finds an entry up to its expiry and not from then on",
    run: (cache) => {
      put(cache, { object: "object", now: 5_000 });
      assert.equal(isHeld(cache, "object", "", 5_999), true);
      assert.equal(isHeld(cache, "object", "", 6_000), false);
      assert.equal(isHeld(cache, "object", "", 5_999), false, "it was dropped");
      assert.equal(cache.stats().bytes, 0);
    },
  },

  {
    what: "bears a clock that goes back",
    run: (cache) => {
      put(cache, { object: "object", now: 5_000 });
      assert.equal(isHeld(cache, "object", "", 0), true);
      put(cache, { object: "object", now: 1_000 });
      assert.equal(isHeld(cache, "object", "", 1_999), true);
      assert.equal(isHeld(cache, "object", "", 2_000), false);
    },
  },

  {
    what: "keeps a lease whole past the expiry",
    run: (cache) => {
      put(cache, { object: "object" });
      const lease = cache.lookup("object", "", 0);
      assert.equal(isHeld(cache, "object", "", 1_000), false);
      assert.deepEqual(bytesOf(lease!), pattern(10, 1));
      lease!.release();
    },
  },
];
