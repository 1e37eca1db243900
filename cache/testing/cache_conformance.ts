/**
 * What every implementation of the `Cache` seam has to do, as tests.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Cache } from "../cache.ts";
import type { CacheLimits } from "../options.ts";
import { boundCases } from "./conformance_bounds.ts";
import { CONFORMANCE_LIMITS } from "./conformance_case.ts";
import { entryCases } from "./conformance_entries.ts";
import { expiryCases } from "./conformance_expiry.ts";
import { fillCases } from "./conformance_fills.ts";
import { followCases } from "./conformance_follow.ts";
import { leaseCases } from "./conformance_leases.ts";
import { versionCases } from "./conformance_versions.ts";
import { writeCases } from "./conformance_writes.ts";

/** A cache and how it is put away. */
export interface CacheUnderTest extends AsyncDisposable {
  /** The cache, empty; its records are strings. */
  readonly cache: Cache<string>;
}

/** Makes an empty cache. */
export type MakeCache = (limits: CacheLimits) => CacheUnderTest | Promise<CacheUnderTest>;

const CASES = [
  ...entryCases,
  ...fillCases,
  ...followCases,
  ...expiryCases,
  ...versionCases,
  ...writeCases,
  ...leaseCases,
  ...boundCases,
];

/** Registers the tests for one implementation. Each ends with an audit and nothing in flight. */
export function cacheConformance(name: string, makeCache: MakeCache): void {
  for (const { what, limits, run } of CASES) {
    Deno.test(`${name} ${what}`, async () => {
      await using made = await makeCache({ ...CONFORMANCE_LIMITS, ...limits });
      const { cache } = made;
      await run(cache);
      cache.audit();
      const { leases, fills, writes } = cache.stats();
      assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
    });
  }
}
