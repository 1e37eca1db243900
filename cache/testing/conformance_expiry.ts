/**
 * Time.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Acquisition, Cache, Lease } from "../cache.ts";
import { FILL_RENEWED } from "../fill.ts";
import { bytesOf, isHeld, led, pattern, put } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** Workers that share the cache and take turns, at most. */
const MOST_WORKERS = 3;

/** What comes of acquiring the object when it is stale. */
function stale<K extends "lead" | "follow">(
  cache: Cache<string>,
  now: number,
  kind: K,
): Extract<Acquisition<string>, { kind: K }> & { stale: Lease<string> } {
  const acquired = cache.acquire("object", "", now);
  assert(acquired.kind === kind && "stale" in acquired && acquired.stale !== undefined);
  return acquired as Extract<Acquisition<string>, { kind: K }> & { stale: Lease<string> };
}

/** Time. */
export const expiryCases: readonly ConformanceCase[] = [
  {
    what: "finds an entry up to its expiry and not from then on",
    run: (cache) => {
      put(cache, { object: "object", now: 5_000 });
      assert.equal(isHeld(cache, "object", "", 5_999), true);
      assert.equal(isHeld(cache, "object", "", 6_000), false);
      assert.equal(cache.stats().entries, 1);
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
    what: "gives a stale entry to one who renews it, and to those who wait for that",
    run: async (cache) => {
      put(cache, { object: "object" });
      const led = stale(cache, 1_000, "lead");
      const waiting = stale(cache, 1_000, "follow");
      assert.deepEqual([led.stale.storedAt, led.stale.expiresAt], [0, 1_000]);
      assert.deepEqual(bytesOf(waiting.stale), pattern(10, 1));
      assert.equal(led.fill.renew(1_500), true);
      assert.deepEqual(await waiting.follower.head(), { kind: "aborted", code: FILL_RENEWED });
      waiting.follower.release();
      assert.deepEqual(bytesOf(led.stale), pattern(10, 1));
      for (const { stale } of [led, waiting]) stale.release();
      const renewed = cache.lookup("object", "", 2_499)!;
      assert.deepEqual([renewed.storedAt, renewed.expiresAt], [1_500, 2_500]);
      renewed.release();
      assert.equal(isHeld(cache, "object", "", 2_500), false);
      assert.equal(led.fill.renew(9_000), false, "the fill is at its end");
    },
  },

  {
    what: "replaces a stale entry by what is filled, and keeps it if nothing is",
    run: (cache) => {
      put(cache, { object: "object" });
      const first = stale(cache, 1_000, "lead");
      first.stale.release();
      first.fill.abort();
      const second = stale(cache, 1_000, "lead");
      assert.equal(second.fill.begin("new", 5), true);
      second.fill.write(pattern(5, 2));
      assert.equal(second.fill.commit(1_000), true);
      assert.deepEqual(bytesOf(second.stale), pattern(10, 1));
      second.stale.release();
      assert.equal(cache.stats().entries, 1);
      const lease = cache.lookup("object", "", 1_999)!;
      assert.deepEqual([lease.record, bytesOf(lease)], ["new", pattern(5, 2)]);
      lease.release();
    },
  },

  {
    what: "does not renew what a write has touched meanwhile, or what was dropped",
    run: async (cache) => {
      put(cache, { object: "object" });
      const overtaken = stale(cache, 1_000, "lead");
      const write = await cache.beginWrite({ objects: ["object"] });
      assert.equal(cache.reacquire("object", "", 1_000), undefined);
      write.end();
      assert.equal(overtaken.fill.renew(1_000), false);
      overtaken.stale.release();
      assert.equal(isHeld(cache, "object", "", 1_000), false);
      put(cache, { object: "object" });
      const dropped = stale(cache, 1_000, "lead");
      cache.drop("object", "");
      assert.equal(dropped.fill.renew(1_000), false);
      dropped.stale.release();
      assert.equal(cache.stats().entries, 0);
      const bare = led(cache, "object");
      assert.throws(() => bare.renew(0), /without a stale entry/);
      bare.abort();
    },
  },

  {
    what: "asks again about a fresh entry only where it is told to, and serves it meanwhile",
    run: (cache) => {
      assert.equal(cache.reacquire("object", "", 0), undefined);
      put(cache, { object: "object" });
      const fresh = cache.reacquire("object", "", 999);
      assert(fresh?.kind === "hit");
      fresh.lease.release();
      const asked = cache.reacquire("object", "", Infinity);
      assert(asked?.kind === "lead" && asked.stale !== undefined);
      asked.stale.release();
      assert.equal(isHeld(cache, "object", "", 999), true);
      assert.equal(asked.fill.renew(500), true);
      assert.equal(isHeld(cache, "object", "", 1_499), true);
    },
  },

  {
    what: "tells everybody when a fresh entry was renewed, also who has read it before",
    run: (cache) => {
      put(cache, { object: "object" });
      const times = () => {
        const lease = cache.lookup("object", "", 999)!;
        lease.release();
        return [lease.storedAt, lease.expiresAt];
      };
      for (let worker = 0; worker < MOST_WORKERS; worker++) assert.deepEqual(times(), [0, 1_000]);
      const asked = cache.reacquire("object", "", Infinity);
      assert(asked?.kind === "lead" && asked.stale !== undefined);
      asked.stale.release();
      assert.equal(asked.fill.renew(500), true);
      for (let worker = 0; worker < MOST_WORKERS; worker++) assert.deepEqual(times(), [500, 1_500]);
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
