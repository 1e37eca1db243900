import assert from "node:assert/strict";
import { type KnownEntry, LocalMap } from "./local_map.ts";

function entry(object: string, variant = "", recordBytes = 0): KnownEntry<string> {
  const times = { storedAt: 0, expiresAt: 0 };
  const fixed = { slot: 0, generation: 0, record: "", size: 0, views: [], ...times };
  return { object, variant, recordBytes, ...fixed };
}

Deno.test("LocalMap tells addresses apart, also those of one name", () => {
  const map = new LocalMap<string>();
  const [joined, parted] = [entry("a\u0000b"), entry("a", "b")];
  map.add(joined, 10_000);
  assert.equal(map.get("a\u0000b", ""), joined);
  assert.equal(map.get("a", "b"), undefined);
  map.add(parted, 10_000);
  assert.equal(map.get("a", "b"), parted);
  assert.equal(map.get("a\u0000b", ""), undefined);
  map.delete("a", "b");
  assert.equal(map.get("a", "b"), undefined);
});

Deno.test("LocalMap remembers what is in use and forgets the rest, within its bound", () => {
  const map = new LocalMap<string>();
  const used = entry("used", "", 10_000);
  map.add(used, 10_000);
  for (let i = 0; i < 5_000; i++) {
    map.add(entry(`${i}`, "", 10_000), 10_000);
    assert.equal(map.get("used", ""), used);
  }
  const held = Array.from({ length: 5_000 }, (_, i) => map.get(`${i}`, "")).filter(Boolean).length;
  assert(held > 200 && held < 700, `${held} entries of 40 KiB`);
  map.delete("used", "");
  assert.equal(map.get("used", ""), undefined);
});

Deno.test("LocalMap forgets what the cache can't hold any more, and nothing that is in use", () => {
  const map = new LocalMap<string>();
  const used = Array.from({ length: 10 }, (_, i) => entry(`used-${i}`));
  for (const each of used) map.add(each, 10);
  for (let i = 0; i < 1_000; i++) {
    map.add(entry(`${i}`), 10);
    for (const each of used) assert.equal(map.get(each.object, ""), each);
  }
  const known = Array.from({ length: 1_000 }, (_, i) => map.get(`${i}`, "")).filter(Boolean).length;
  assert(known >= 10 && known <= 40, `${known} entries`);
});
