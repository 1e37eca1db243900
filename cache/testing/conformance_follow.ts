/**
 * How fills are followed.
 *
 * @module
 */
import assert from "node:assert/strict";
import { AbortedFill, FILL_GIVEN_UP, FILL_REFUSED } from "../fill.ts";
import { begun, bytesOf, followed, isHeld, joining, led, pattern } from "./cache_probe.ts";
import type { ConformanceCase } from "./conformance_case.ts";

/** How fills are followed. */
export const followCases: readonly ConformanceCase[] = [
  ...[600_000, undefined].map((announced): ConformanceCase => ({
    what: `hands bytes to followers as they land, ${announced ?? "no"} bytes announced`,
    run: async (cache) => {
      const body = pattern(600_000, 5);
      const fill = led(cache, "object");
      const own = fill.follow();
      const early = joining(cache, "object");
      const head = early.head();
      const first = early.read();
      assert(first instanceof Promise, "nothing has landed");
      assert.equal(fill.begin("record", announced), true);
      assert.deepEqual(await head, { kind: "begun", record: "record", size: announced });
      fill.write(body.subarray(0, 100));
      assert.deepEqual((await first)!.slice(), body.slice(0, 100));
      const late = joining(cache, "object");
      assert.deepEqual(await late.head(), { kind: "begun", record: "record", size: announced });
      const all = Promise.all([own, late].map(followed));
      const rest = followed(early);
      for (let at = 100; at < body.length; at += 99_999) {
        fill.write(body.subarray(at, at + 99_999));
        await Promise.resolve();
      }
      assert.equal(isHeld(cache, "object"), false);
      assert.equal(fill.commit(0), true);
      assert.deepEqual(await all, [body, body]);
      assert.deepEqual(await rest, body.subarray(100));
      for (const follower of [own, early, late]) follower.release();
    },
  })),

  {
    what: "answers a follower at once where bytes are there",
    run: (cache) => {
      const fill = begun(cache, { object: "object" });
      const follower = fill.follow();
      fill.write(pattern(4, 1));
      assert.deepEqual((follower.read() as Uint8Array).slice(), pattern(4, 1));
      fill.write(pattern(10, 1).subarray(4));
      fill.commit(0);
      assert.deepEqual((follower.read() as Uint8Array).slice(), pattern(10, 1).slice(4));
      assert.equal(follower.read(), undefined);
      assert.equal(follower.read(), undefined);
      follower.release();
    },
  },

  {
    what: "tells followers how a fill broke off, before and after its announcement",
    run: async (cache) => {
      const unannounced = led(cache, "unannounced");
      const waiting = joining(cache, "unannounced");
      const [head, read] = [waiting.head(), waiting.read()];
      unannounced.abort(42);
      assert.deepEqual(await head, { kind: "aborted", code: 42 });
      await assert.rejects(async () => await read, new AbortedFill(42));

      const announced = begun(cache, { object: "announced" });
      const follower = joining(cache, "announced");
      announced.write(pattern(5, 1));
      assert.equal((await follower.head()).kind, "begun");
      assert.deepEqual((await follower.read())!.slice(), pattern(5, 1));
      const rest = followed(follower);
      announced.abort();
      assert.equal(await rest, FILL_GIVEN_UP);
      for (const one of [waiting, follower]) one.release();
      assert.equal(cache.stats().bytes, 0);
    },
  },

  {
    what: "tells followers that the entry was refused, or was not as long as announced",
    run: async (cache) => {
      const refused = led(cache, "refused");
      const [large, long, short, boundless] = [
        refused.follow(),
        begun(cache, { object: "long" }),
        begun(cache, { object: "short" }),
        led(cache, "boundless"),
      ];
      assert.equal(refused.begin("record", 2_000_001), false);
      assert.deepEqual(await large.head(), { kind: "aborted", code: FILL_REFUSED });
      const followers = [long, short, boundless].map((fill) => fill.follow());
      assert.equal(long.write(pattern(11, 1)), false);
      short.write(pattern(9, 1));
      assert.equal(short.commit(0), false);
      assert.equal(boundless.begin("record", undefined), true);
      while (boundless.write(new Uint8Array(300_000)));
      const codes = await Promise.all(followers.map(followed));
      assert.deepEqual(codes, [FILL_GIVEN_UP, FILL_GIVEN_UP, FILL_REFUSED]);
      for (const follower of [large, ...followers]) follower.release();
    },
  },

  {
    what: "ends a body well without keeping it, if it is as long as announced",
    run: async (cache) => {
      const [whole, short] = [
        begun(cache, { object: "whole" }),
        begun(cache, { object: "short" }),
      ];
      const followers = [whole, short].map((fill) => fill.follow());
      whole.write(pattern(10, 1));
      short.write(pattern(9, 1));
      for (const fill of [whole, short, whole]) fill.finish();
      assert.deepEqual(await Promise.all(followers.map(followed)), [pattern(10, 1), FILL_GIVEN_UP]);
      for (const follower of followers) follower.release();
      const { entries, bytes, fills } = cache.stats();
      assert.deepEqual({ entries, bytes, fills }, { entries: 0, bytes: 0, fills: 0 });
    },
  },

  {
    what: "knows whether anybody follows a fill",
    run: (cache) => {
      const fill = begun(cache, { object: "object" });
      assert.equal(fill.followed, false);
      const follower = joining(cache, "object");
      assert.equal(fill.followed, true);
      follower.release();
      assert.equal(fill.followed, false);
      fill.abort();
      const other = led(cache, "another");
      const reader = other.follow();
      assert.equal(fill.followed, false);
      reader.release();
      other.abort();
    },
  },

  {
    what: "keeps what is followed through drop, write and eviction",
    run: async (cache) => {
      const body = pattern(100_000, 9);
      const fill = begun(cache, { object: "object", body });
      const follower = joining(cache, "object");
      fill.write(body);
      assert.equal(fill.commit(0), true);
      assert.deepEqual((await follower.head()).kind, "begun");
      (await cache.beginWrite({ objects: ["object"] })).end();
      for (let i = 0; i < 100; i++) {
        const other = begun(cache, { object: `${i}`, body: pattern(90_000, i) });
        other.write(pattern(90_000, i));
        other.commit(0);
      }
      assert.deepEqual(await followed(follower), body);
      follower.release();
      assert.equal(isHeld(cache, "object"), false);
    },
  },

  {
    what: "lets a follower leave, and leaves the others alone",
    run: async (cache) => {
      const fill = begun(cache, { object: "object" });
      const [leaving, staying] = [joining(cache, "object"), joining(cache, "object")];
      const waiting = leaving.read();
      const bytes = followed(staying);
      leaving.release();
      leaving.release();
      await assert.rejects(async () => await waiting, /released/);
      assert.throws(() => leaving.read(), /released/);
      await assert.rejects(() => leaving.head(), /released/);
      fill.write(pattern(10, 1));
      assert.equal(fill.commit(0), true);
      assert.deepEqual(await bytes, pattern(10, 1));
      staying.release();
      const lease = cache.lookup("object", "", 0);
      assert.deepEqual(bytesOf(lease!), pattern(10, 1));
      lease!.release();
    },
  },
];
