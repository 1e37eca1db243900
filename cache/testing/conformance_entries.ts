/**
 * An entry is found whole, where it was put.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Cache } from "../cache.ts";
import { begun, bytesOf, isHeld, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Writes a body in pieces, and reads it back whole and in parts. */
async function roundTrip(
  cache: Cache<string>,
  size: number,
  announced: number | undefined,
): Promise<void> {
  const body = pattern(size, size);
  const fill = await cache.fill("object", "variant", 0);
  assert(fill);
  assert.equal(fill.begin("record", announced), true);
  for (let at = 0; at < size; at += 70_001) {
    assert.equal(await isHeld(cache, "object", "variant"), false, "found before its commit");
    assert.equal(fill.write(body.subarray(at, at + 70_001)), true);
  }
  assert.equal(await fill.commit(7), true);
  const lease = await cache.lookup("object", "variant", 8);
  assert(lease);
  assert.equal(lease.record, "record");
  assert.deepEqual([lease.size, lease.storedAt, lease.expiresAt], [size, 7, 1_007]);
  for (const view of lease.chunks(0, size)) assert(view.length <= 262_144 && view.length > 0);
  const [quarter, half] = [size >> 2, size >> 1];
  for (const [start, end] of [[0, size], [0, half], [half, size], [quarter, half], [size, size]]) {
    assert.deepEqual(bytesOf(lease, start, end), body.subarray(start, end));
  }
  lease.release();
}

const SIZES = [0, 1, 10, 262_144, 262_145, 1_000_000];

/** An entry is found whole, where it was put. */
export const entryCases: readonly ConformanceCase[] = [
  ...SIZES.map((size): ConformanceCase => ({
    what: `finds ${size} bytes of known size`,
    run: (cache) => roundTrip(cache, size, size),
  })),
  ...SIZES.map((size): ConformanceCase => ({
    what: `finds ${size} bytes of unknown size`,
    run: (cache) => roundTrip(cache, size, undefined),
  })),
  {
    what: "takes many small chunks",
    run: async (cache) => {
      const body = pattern(20_000, 3);
      const fill = await cache.fill("object", "", 0);
      assert(fill);
      assert.equal(fill.begin("record", undefined), true);
      for (const byte of body) fill.write(new Uint8Array([byte]));
      fill.write(new Uint8Array());
      assert.equal(await fill.commit(0), true);
      const lease = await cache.lookup("object", "", 0);
      assert.deepEqual(bytesOf(lease!), body);
      lease!.release();
    },
  },

  {
    what: "keeps variants and objects apart",
    run: async (cache) => {
      const addresses = [["a", "b"], ["ab", ""], ["", "ab"], ["a", "c"], ["b", "b"], ["a", ""]];
      for (const [i, [object, variant]] of addresses.entries()) {
        await put(cache, {
          object: object!,
          variant: variant!,
          record: `${i}`,
          body: pattern(9, i),
        });
      }
      for (const [i, [object, variant]] of addresses.entries()) {
        const lease = await cache.lookup(object!, variant!, 0);
        assert.equal(lease?.record, `${i}`);
        assert.deepEqual(bytesOf(lease), pattern(9, i));
        lease.release();
      }
      await cache.drop("a", "c");
      await cache.drop("a", "nothing");
      assert.equal(await isHeld(cache, "a", "c"), false);
      assert.equal(await isHeld(cache, "a", "b"), true);
    },
  },

  {
    what: "replaces the entry of an address, whichever fill was begun first",
    run: async (cache, stats) => {
      const first = await begun(cache, { object: "object", record: "first" });
      const second = await begun(cache, { object: "object", record: "second" });
      for (const fill of [second, first]) fill.write(pattern(10, 1));
      assert.equal(await second.commit(0), true);
      assert.equal(await first.commit(0), true);
      const lease = await cache.lookup("object", "", 0);
      assert.equal(lease?.record, "first");
      lease.release();
      assert.equal((await stats()).entries, 1);
    },
  },

  {
    what: "refuses ranges outside the body",
    run: async (cache) => {
      await put(cache, { object: "object" });
      const lease = await cache.lookup("object", "", 0);
      for (const [start, end] of [[-1, 2], [0, 11], [5, 4], [0.5, 1], [0, NaN]]) {
        assert.throws(() => lease!.chunks(start!, end!), RangeError);
      }
      lease!.release();
    },
  },
];
