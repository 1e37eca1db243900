import assert from "node:assert/strict";
import { Hottest, mergeHottest } from "./hottest.ts";

/** Numbers that are the same in every run (Lehmer, 1949, with the multiplier of Park and Miller). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = state * 48_271 % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Reads keys by a roll of a million-sided die each. */
function read(hottest: Hottest, reads: number, name: (roll: number) => string): void {
  const dice = random(7);
  for (let i = 0; i < reads; i++) {
    const roll = Math.floor(dice() * 1_000_000);
    if (hottest.wants()) hottest.count(name(roll));
  }
}

Deno.test("keys with more than their share are found among a million others, about as often", () => {
  const hottest = new Hottest(random(11));
  read(hottest, 100_000, (roll) => roll % 10 === 0 ? "hot" : roll % 25 === 1 ? "warm" : `${roll}`);
  const [first, second] = hottest.top(2);
  assert.deepEqual([first!.name, second!.name], ["hot", "warm"]);
  assert.ok(Math.abs(first!.reads - 10_000) < 2_000, String(first!.reads));
});

Deno.test("what is no longer read gives way", () => {
  const hottest = new Hottest(random(11));
  read(hottest, 100_000, () => "yesterday");
  read(hottest, 300_000, () => "today");
  assert.equal(hottest.top(1)[0]!.name, "today");
  read(hottest, 2_000_000, () => "today");
  assert.deepEqual(hottest.top(9).map(({ name }) => name), ["today"]);
});

Deno.test("lists of several workers are added up", () => {
  const merged = mergeHottest([
    [{ name: "a", reads: 5 }, { name: "b", reads: 4 }],
    [{ name: "b", reads: 3 }],
  ], 1);
  assert.deepEqual(merged, [{ name: "b", reads: 7 }]);
});
