import assert from "node:assert/strict";
import { type EntryKey, entryKey, storeKey } from "./entry_key.ts";
import { KeyIndex } from "./key_index.ts";
import { cacheViews } from "./memory.ts";
import {
  CHAIN,
  FILLING,
  HASH_ENTRY,
  HASH_LOW,
  KEY_BYTES,
  KEY_UNITS,
  OBJECT_UNITS,
  READY,
  STATE,
} from "./slot_words.ts";
import type { Slots } from "./slots.ts";
import { sharedCaches } from "./testing/shared_fixture.ts";

/** Keys that all have the same hashes. */
const KEYS: readonly EntryKey[] = [
  ["a", "b"],
  ["ab", ""],
  ["", "ab"],
  ["a", "c"],
  ["a", ""],
  ["\u0161", "b"],
  ["a", "\u0162"],
  ["", ""],
].map(([object, variant]) => ({ ...entryKey(object!, variant!), high: 1, low: 2 }));

function emptyIndex() {
  const { arena, slots, heads, variants, places } = cacheViews(sharedCaches(1).memory, 0);
  const index = new KeyIndex(heads, variants, slots, places);
  const link = (slot: number, key: EntryKey): void => {
    const chain = arena.allocate(key.bytes, slot);
    storeKey(key, places.bytes(chain), places.offset(chain));
    describe(slots, slot, key, chain);
    index.link(slot);
  };
  return { index, link };
}

function describe(slots: Slots, slot: number, key: EntryKey, chain: number): void {
  slots.write(slot, STATE, READY);
  slots.write(slot, HASH_ENTRY, key.entryLow);
  slots.write(slot, HASH_LOW, key.low);
  slots.write(slot, CHAIN, chain);
  slots.write(slot, OBJECT_UNITS, key.object.length);
  slots.write(slot, KEY_UNITS, key.object.length + key.variant.length);
  slots.write(slot, KEY_BYTES, key.bytes);
}

Deno.test("KeyIndex tells keys apart that share their hashes", () => {
  const { index, link } = emptyIndex();
  KEYS.forEach((key, slot) => link(slot, key));
  KEYS.forEach((key, slot) => {
    assert.equal(index.find(key, READY), slot);
    assert.equal(index.find(key, FILLING), -1);
    const { object, variant } = index.keyOf(slot);
    assert.deepEqual([object, variant], [key.object, key.variant]);
    for (let other = 0; other < KEYS.length; other++) {
      assert.equal(index.isOf(other, key), KEYS[other]!.object === key.object);
      const below = KEYS[other]!.object.startsWith(key.object);
      assert.equal(index.isBelow(other, key.object), below);
    }
  });
});

Deno.test("KeyIndex forgets a slot from any place of its chain", () => {
  for (let gone = 0; gone < KEYS.length; gone++) {
    const { index, link } = emptyIndex();
    KEYS.forEach((key, slot) => link(slot, key));
    index.unlink(gone);
    KEYS.forEach((key, slot) => assert.equal(index.find(key, READY), slot === gone ? -1 : slot));
    const walked: number[] = [];
    index.walk((slot) => walked.push(slot));
    assert.equal(walked.length, KEYS.length - 1);
    index.link(gone);
    assert.equal(index.find(KEYS[gone]!, READY), gone);
  }
});

Deno.test("KeyIndex visits all variants of an object, in whatever order they come and go", () => {
  const { index, link } = emptyIndex();
  const visited = (object: EntryKey): number[] => {
    const slots: number[] = [];
    index.visit(object, (slot) => void slots.push(slot));
    return slots.sort((a, b) => a - b);
  };
  const held = new Set<number>();
  const check = (): void => {
    index.audit();
    for (const key of KEYS) {
      const same = [...held].filter((slot) => KEYS[slot]!.object === key.object);
      assert.deepEqual(visited(key), same.sort((a, b) => a - b));
      if (same.some((slot) => KEYS[slot]!.variant !== "")) assert(index.mayVary(key));
    }
  };
  for (const [slot, key] of KEYS.entries()) {
    link(slot, key);
    held.add(slot);
    check();
  }
  for (const slot of [3, 0, 4, 7, 2, 1, 6, 5]) {
    index.unlink(slot);
    held.delete(slot);
    check();
  }
  assert.equal(index.mayVary(KEYS[0]!), false);
});
