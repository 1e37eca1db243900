import assert from "node:assert/strict";
import { entryKey, loadUnits, storeKey } from "./entry_key.ts";
import { cacheViews } from "./memory.ts";
import { sharedCaches } from "./testing/shared_fixture.ts";

Deno.test("KeyPlaces keeps keys in cells, and in the arena those that have none", () => {
  const { places, arena } = cacheViews(sharedCaches(1).memory, 0);
  const texts = ["short", "x".repeat(128), "x".repeat(129), "\u0161".repeat(64), "", "short"];
  const taken = texts.map((text, owner) => {
    const key = entryKey(text, "");
    const place = places.take(key.bytes, owner);
    storeKey(key, places.bytes(place), places.offset(place));
    return place;
  });
  taken.forEach((place, i) => {
    const width = entryKey(texts[i]!, "").bytes === texts[i]!.length ? 1 : 2;
    const read = loadUnits(places.bytes(place), places.offset(place), width, texts[i]!.length);
    assert.equal(read, texts[i]);
  });
  assert.deepEqual(taken.map((place) => places.weigh(place)), [0, 0, 192, 0, 0, 0]);
  assert.equal(arena.usedBytes, 192);
  assert.equal(places.audit(taken), 5);
  assert.throws(() => places.audit(taken.slice(1)), /the number of cells for keys/);
  for (const place of taken) places.give(place);
  assert.equal(places.audit([]), 0);
  assert.equal(arena.usedBytes, 0);
});
