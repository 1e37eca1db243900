import assert from "node:assert/strict";
import { cacheDemand, cacheDirectives, mayBeServedStale } from "./cache_control.ts";
import { HeaderList, type HeaderPair } from "./header_list.ts";

function demand(...headers: HeaderPair[]): [boolean, number] {
  const { noStore, maxAgeSeconds } = cacheDemand(new HeaderList(headers));
  return [noStore, maxAgeSeconds];
}

Deno.test("directives are read with and without arguments, whatever stands around them", () => {
  const cases: readonly (readonly [value: string, ...directives: [string, string][]])[] = [
    [""],
    [" , ,"],
    ["no-cache", ["no-cache", ""]],
    ["NO-Cache,max-age=5", ["no-cache", ""], ["max-age", "5"]],
    ['private="set-cookie, a", max-age = 5', ["private", "set-cookie, a"], ["max-age", "5"]],
    ["max-age=1, max-age=2", ["max-age", "1"]],
    ["max-age=", ["max-age", ""]],
    ['a="no-store"', ["a", "no-store"]],
  ];
  for (const [value, ...directives] of cases) {
    assert.deepEqual([...cacheDirectives(value)], directives, value);
  }
});

Deno.test("a request demands what its Cache-Control says, or else its Pragma", () => {
  assert.deepEqual(demand(), [false, Infinity]);
  assert.deepEqual(demand(["cache-control", "no-cache"]), [false, 0]);
  assert.deepEqual(demand(["cache-control", "max-age=60, no-cache"]), [false, 0]);
  assert.deepEqual(demand(["cache-control", "max-age=60"]), [false, 60]);
  assert.deepEqual(demand(["cache-control", "max-age=soon"]), [false, 0]);
  assert.deepEqual(demand(["cache-control", "max-age=-1"]), [false, 0]);
  assert.deepEqual(demand(["cache-control", "No-Store"]), [true, Infinity]);
  assert.deepEqual(demand(["cache-control", "max-stale, no-transform"]), [false, Infinity]);
  assert.deepEqual(demand(["cache-control", "no-cached"]), [false, Infinity]);
  assert.deepEqual(demand(["pragma", "no-cache"]), [false, 0]);
  assert.deepEqual(demand(["pragma", "no-cache"], ["cache-control", "max-age=9"]), [false, 9]);
});

Deno.test("an answer says whether it may be served stale", () => {
  for (const value of [undefined, "", "max-age=1", "public, private", "no-store"]) {
    assert.equal(mayBeServedStale(value), true, value);
  }
  for (const value of ["must-revalidate", "public, No-Cache", "s-maxage=1", "proxy-revalidate"]) {
    assert.equal(mayBeServedStale(value), false, value);
  }
});
