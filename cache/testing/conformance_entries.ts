/**
 * An entry is found whole, where it was put.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Cache } from "../cache.ts";
import { begun, bytesOf, isHeld, joining, led, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Writes a body in pieces, and reads it back whole and in parts. */
function roundTrip(
  cache: Cache<string>,
  size: number,
  announced: number | undefined,
): void {
  const body = pattern(size, size);
  const fill = led(cache, "object", "variant");
  assert(fill);
  assert.equal(fill.begin("record", announced), true);
  for (let at = 0; at < size; at += 70_001) {
    assert.equal(isHeld(cache, "object", "variant"), false, "found before its commit");
    assert.equal(fill.write(body.subarray(at, at + 70_001)), true);
  }
  assert.equal(fill.commit(7), true);
  const lease = cache.lookup("object", "variant", 8);
  assert(lease);
  assert.equal(lease.record, "record");
  assert.deepEqual([lease.size, lease.storedAt, lease.expiresAt], [size, 7, 1_007]);
  for (const view of lease.chunks(0, size)) assert(view.length <= 1_048_576 && view.length > 0);
  const [quarter, half] = [size >> 2, size >> 1];
  for (const [start, end] of [[0, size], [0, half], [half, size], [quarter, half], [size, size]]) {
    assert.deepEqual(bytesOf(lease, start, end), body.subarray(start, end));
  }
  lease.release();
}

const SIZES = [0, 1, 10, 262_144, 1_048_576, 1_048_577];

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
    run: (cache) => {
      const body = pattern(20_000, 3);
      const fill = led(cache, "object", "");
      assert(fill);
      assert.equal(fill.begin("record", undefined), true);
      for (const byte of body) fill.write(new Uint8Array([byte]));
      fill.write(new Uint8Array());
      assert.equal(fill.commit(0), true);
      const lease = cache.lookup("object", "", 0);
      assert.deepEqual(bytesOf(lease!), body);
      lease!.release();
    },
  },

  {
    what: "keeps variants and objects apart",
    run: (cache) => {
      const addresses = [["a", "b"], ["ab", ""], ["", "ab"], ["a", "c"], ["b", "b"], ["a", ""]];
      for (const [i, [object, variant]] of addresses.entries()) {
        put(cache, {
          object: object!,
          variant: variant!,
          record: `${i}`,
          body: pattern(9, i),
        });
      }
      for (const [i, [object, variant]] of addresses.entries()) {
        const lease = cache.lookup(object!, variant!, 0);
        assert.equal(lease?.record, `${i}`);
        assert.deepEqual(bytesOf(lease), pattern(9, i));
        lease.release();
      }
      assert.equal(cache.drop("a", "c", 1), false);
      assert.equal(isHeld(cache, "a", "c"), true);
      assert.equal(cache.drop("a", "c", 0), true);
      assert.equal(cache.drop("a", "c"), false);
      assert.equal(cache.drop("a", "nothing"), false);
      assert.equal(isHeld(cache, "a", "c"), false);
      assert.equal(isHeld(cache, "a", "b"), true);
    },
  },

  {
    what: "has one fill of an address that can be joined",
    run: (cache) => {
      const fill = begun(cache, { object: "object" });
      joining(cache, "object").release();
      led(cache, "object", "variant").abort();
      fill.write(pattern(10, 1));
      assert.equal(fill.commit(0), true);
      const acquired = cache.acquire("object", "", 0);
      assert(acquired.kind === "hit");
      assert.deepEqual(bytesOf(acquired.lease), pattern(10, 1));
      acquired.lease.release();
      assert.equal(cache.stats().entries, 1);
    },
  },

  {
    what: "keeps keys and records of any length apart",
    run: (cache) => {
      const names = ["\u{1f4a9}", "\u00e9", "\u0169", "", "x".repeat(5_000)];
      for (const name of names) {
        for (const variant of names) put(cache, { object: name, variant, record: name + variant });
      }
      for (const name of names) {
        for (const variant of names) {
          const lease = cache.lookup(name, variant, 0);
          assert.equal(lease?.record, name + variant);
          lease.release();
        }
      }
      const record = "r".repeat(300_000);
      assert.equal(put(cache, { object: "long record", record }), true);
      const lease = cache.lookup("long record", "", 0);
      assert.equal(lease?.record, record);
      lease.release();
    },
  },

  {
    what: "refuses ranges outside the body",
    run: (cache) => {
      put(cache, { object: "object" });
      const lease = cache.lookup("object", "", 0);
      for (const [start, end] of [[-1, 2], [0, 11], [5, 4], [0.5, 1], [0, NaN]]) {
        assert.throws(() => lease!.chunks(start!, end!), RangeError);
      }
      lease!.release();
    },
  },
];
