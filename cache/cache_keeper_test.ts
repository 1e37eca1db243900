import assert from "node:assert/strict";
import { FILL_WORKER_DIED } from "./fill.ts";
import { CacheKeeper } from "./cache_keeper.ts";
import { createCacheMemory } from "./memory.ts";
import { SharedCache } from "./shared_cache.ts";
import {
  begun,
  bytesOf,
  followed,
  isHeld,
  joining,
  led,
  pattern,
  put,
  stringCodec,
} from "./testing/cache_probe.ts";
import { attachAll, dieInside, sharedCaches } from "./testing/shared_fixture.ts";

const NONE = { entries: 0, bytes: 0, leases: 0, fills: 0, writes: 0 };

Deno.test("A worker that died leaves nothing behind once it is voided", async () => {
  const { memory, keeper, caches: [dying, living] } = sharedCaches(2);
  assert(dying && living);
  put(living, { object: "leased", body: pattern(5_000, 1) });
  const leases = [dying, dying, living].map((cache) => cache.lookup("leased", "", 0));
  const followers = ["unannounced", "announced", "overtaken"].map((object) => {
    const fill = led(dying, object);
    if (object !== "unannounced" && fill.begin("record", 10)) fill.write(pattern(3, 1));
    joining(dying, object);
    return joining(living, object);
  });
  await dying.beginWrite({ objects: ["leased", "barred", "overtaken"] });
  await dying.beginWrite({ prefix: "pre" });
  assert.equal(living.acquire("barred", "", 0).kind, "bypass");
  assert.equal(living.acquire("prefix", "", 0).kind, "bypass");
  const codes = followers.map(followed);

  const writes = keeper.voidWorker(0);
  assert.equal(keeper.poisoned, false);
  assert.deepEqual(await Promise.all(codes), followers.map(() => FILL_WORKER_DIED));
  for (const follower of followers) follower.release();
  assert.deepEqual(bytesOf(leases[2]!), pattern(5_000, 1));
  assert.equal(keeper.stats().leases, 1);
  leases[2]!.release();
  assert.deepEqual({ ...keeper.stats(), evictions: 0 }, { ...NONE, evictions: 0, writes: 2 });
  keeper.audit();
  for (const object of ["barred", "leased", "prefix"]) {
    assert.equal(living.acquire(object, "", 0).kind, "bypass", "the writes may still take effect");
  }
  writes!.end();
  writes!.end();
  assert.deepEqual({ ...keeper.stats(), evictions: 0 }, { ...NONE, evictions: 0 });
  keeper.audit();

  const next = new SharedCache(memory, 0, stringCodec);
  for (const object of ["barred", "prefix", "announced"]) assert.equal(put(next, { object }), true);
  assert.equal(isHeld(living, "announced"), true);
});

Deno.test("Voiding a worker lets alone what is another's", async () => {
  const { keeper, caches: [dying, living] } = sharedCaches(2);
  assert(dying && living);
  const fill = begun(living, { object: "object" });
  const write = await living.beginWrite({ objects: ["barred"] });
  const both = await dying.beginWrite({ objects: ["barred"] });
  assert(both);
  const follower = joining(living, "object");
  const theirs = keeper.voidWorker(0);
  assert.equal(keeper.voidWorker(0), undefined);
  theirs!.end();
  assert.equal(living.acquire("barred", "", 0).kind, "bypass");
  write.end();
  assert.equal(put(living, { object: "barred" }), true);
  fill.write(pattern(10, 1));
  assert.equal(fill.commit(0), true);
  assert.deepEqual(await followed(follower), pattern(10, 1));
  follower.release();
  keeper.audit();
});

Deno.test("A memory whose monitor a worker died in is poisoned, and acts as no cache", async () => {
  const { memory, keeper, caches: [dying, living] } = sharedCaches(2);
  assert(dying && living);
  put(living, { object: "object", body: pattern(300_000, 1) });
  const lease = living.lookup("object", "", 0)!;
  const [running, ending, theirs] = [
    begun(living, { object: "running" }),
    led(living, "ending"),
    begun(dying, { object: "theirs" }),
  ];
  const followers = [running, ending, theirs].map((fill) => fill.follow());
  const open = led(living, "open");
  open.begin("record", undefined);
  dieInside(memory, 0);
  assert.equal(keeper.voidWorker(0), undefined);
  assert.equal(keeper.poisoned, true);

  assert.equal(living.lookup("object", "", 0), undefined);
  assert.equal(living.acquire("object", "", 0).kind, "bypass");
  assert.equal(living.acquire("other", "", 0).kind, "bypass");
  const write = await living.beginWrite({ objects: ["object"] });
  write.end();
  (await living.beginWrite({ prefix: "" })).end();
  living.drop("object", "");
  assert.deepEqual(living.stats(), { ...NONE, evictions: 0 });
  living.audit();
  assert.deepEqual(bytesOf(lease), pattern(300_000, 1));
  lease.release();

  running.write(pattern(10, 1));
  assert.equal(running.commit(0), false);
  assert.equal(ending.begin("record", 10), false);
  assert.equal(open.write(new Uint8Array(100_000)), false);
  assert.deepEqual(await followed(followers[0]!), pattern(10, 1));
  assert.equal((await followers[1]!.head()).kind, "aborted");
  assert.equal(await followed(followers[2]!), FILL_WORKER_DIED);
  for (const follower of followers) follower.release();
});

Deno.test("Workers go over to a new memory, and take their writes along", async () => {
  const { memory, caches } = sharedCaches(2);
  const [first, second] = caches;
  assert(first && second);
  put(first, { object: "object", body: pattern(1_000, 1) });
  const lease = first.lookup("object", "", 0)!;
  const late = begun(second, { object: "late" });
  const ended = await first.beginWrite({ objects: ["ended"] });
  const before = await first.beginWrite({ objects: ["before"] });
  dieInside(memory, 1);
  new CacheKeeper(memory).voidWorker(1);
  const between = await second.beginWrite({ prefix: "between/" });

  const fresh = createCacheMemory(memory.limits, memory.workers);
  const keeper = new CacheKeeper(fresh);
  first.adopt(fresh);
  assert.equal(first.acquire("other", "", 0).kind, "bypass", "it is closed");
  assert.equal(first.lookup("object", "", 0), undefined);
  second.adopt(fresh);
  ended.end();
  keeper.open();
  assert.deepEqual(bytesOf(lease), pattern(1_000, 1));
  lease.release();
  late.write(pattern(10, 1));
  assert.equal(late.commit(0), false);

  for (const cache of [first, second]) {
    assert.equal(cache.acquire("before", "", 0).kind, "bypass");
    assert.equal(cache.acquire("between/1", "", 0).kind, "bypass");
  }
  assert.equal(put(second, { object: "ended" }), true);
  assert.equal(isHeld(first, "ended"), true);
  before.end();
  between.end();
  assert.equal(put(first, { object: "before" }), true);
  assert.equal(put(second, { object: "between/1" }), true);
  keeper.audit();
  const { leases, fills, writes } = keeper.stats();
  assert.deepEqual({ leases, fills, writes }, { leases: 0, fills: 0, writes: 0 });
});

Deno.test("A sound memory that a worker leaves is poisoned, so that no other finds stale entries", async () => {
  const { memory, caches: [leaving, staying] } = sharedCaches(2);
  assert(leaving && staying);
  put(staying, { object: "object" });
  assert.equal(isHeld(staying, "object"), true);
  leaving.adopt(createCacheMemory(memory.limits, memory.workers));
  await leaving.beginWrite({ objects: ["object"] });
  assert.equal(isHeld(staying, "object"), false);
});

Deno.test("A memory bears its bounds, from a few blocks to 8 GiB and millions of entries", () => {
  const small = createCacheMemory(
    { maxBytes: 65_536, maxEntries: 1, maxObjectBytes: 65_536, ttlMs: 1, shards: 1 },
    1,
  );
  const large = createCacheMemory(
    { maxBytes: 2 ** 33, maxEntries: 2 ** 24, maxObjectBytes: 2 ** 32, ttlMs: 1, shards: 16 },
    2,
  );
  for (const [memory, size] of [[small, 60_000], [large, 10_000_000]] as const) {
    new CacheKeeper(memory).open();
    for (const cache of attachAll(memory)) {
      for (let i = 0; i < 3; i++) {
        assert.equal(put(cache, { object: `${i}`, body: new Uint8Array(size) }), true);
      }
      assert(cache.stats().bytes <= memory.limits.maxBytes);
    }
    attachAll(memory)[0]!.audit();
  }
});
