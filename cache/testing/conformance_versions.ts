/**
 * Versions of an object, and parts of its entries.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Cache, PART } from "../cache.ts";
import { isHeld, led, pattern } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Fills a variant of the object as one version of it. */
function putVersion(cache: Cache<string>, variant: string, version: number, object = "o"): void {
  const fill = led(cache, object, variant);
  assert.equal(fill.begin("record", 10, version), true);
  fill.write(pattern(10, version));
  assert.equal(fill.commit(0), true);
}

/** Which of some variants of the object are held. */
function held(cache: Cache<string>, variants: readonly string[], object = "o"): string[] {
  return variants.filter((variant) => isHeld(cache, object, variant));
}

const PARTS = ["1", "2", "3"].map((part) => `v${PART}${part}`);

/** Versions of an object, and parts of its entries. */
export const versionCases: readonly ConformanceCase[] = [
  {
    what: "drops all entries of another version than the one that is admitted",
    run: (cache) => {
      const variants = ["", "v", ...PARTS, "any"];
      for (const variant of ["", "v", ...PARTS]) putVersion(cache, variant, 1);
      putVersion(cache, "any", 0);
      putVersion(cache, "", 2, "other");
      assert.deepEqual(held(cache, variants), variants);
      putVersion(cache, "new", -2);
      assert.deepEqual(held(cache, variants), ["any"]);
      assert.deepEqual(held(cache, ["", "new"], "other"), [""]);
      putVersion(cache, "later", 0);
      assert.deepEqual(held(cache, ["any", "new", "later"]), ["any", "new", "later"]);
    },
  },

  {
    what: "drops parts where one of another version is admitted",
    run: (cache) => {
      for (const part of PARTS.slice(1)) putVersion(cache, part, 1);
      putVersion(cache, PARTS[0]!, 2);
      assert.deepEqual(held(cache, PARTS), [PARTS[0]]);
    },
  },

  {
    what: "lets an entry take the place of its parts and of nothing else",
    run: (cache) => {
      const others = ["", "w", `vv${PART}1`, `w${PART}1`];
      for (const variant of [...PARTS, ...others]) putVersion(cache, variant, 1);
      putVersion(cache, PARTS[0]!.slice(0, 1), 1);
      assert.deepEqual(held(cache, PARTS), []);
      assert.deepEqual(held(cache, others), others);
    },
  },
];
