import { CacheKeeper } from "./cache_keeper.ts";
import { createCacheMemory } from "./memory.ts";
import { CACHE_DEFAULTS } from "./options.ts";
import { SharedCache } from "./shared_cache.ts";
import { pattern, stringCodec } from "./testing/cache_probe.ts";
import { seededRandom } from "./testing/random.ts";

const ENTRIES = 10_000;

function emptyCache(): SharedCache<string> {
  const memory = createCacheMemory({ ...CACHE_DEFAULTS, maxEntries: ENTRIES }, 2);
  new CacheKeeper(memory).open();
  return new SharedCache(memory, 0, stringCodec);
}

function fill(cache: SharedCache<string>, object: string, body: Uint8Array): void {
  const acquired = cache.acquire(object, "", 0);
  if (acquired.kind !== "lead") throw new Error(acquired.kind);
  const { fill } = acquired;
  if (!fill.begin("record", body.length) || !fill.write(body)) throw new Error("refused");
  fill.commit(0);
}

function fullCache(body: Uint8Array): SharedCache<string> {
  const cache = emptyCache();
  for (let i = 0; i < ENTRIES; i++) fill(cache, `bucket/object/${i}`, body);
  return cache;
}

const random = seededRandom(1);
const names = Array.from(
  { length: 4_096 },
  () => `bucket/object/${Math.floor(random() * ENTRIES)}`,
);

for (const size of [1_024, 65_536]) {
  const cache = fullCache(pattern(size, 1));
  let turn = 0;
  Deno.bench(`known hit: look up, walk and release ${size} bytes`, () => {
    const lease = cache.lookup(names[turn++ & 4_095]!, "", 0);
    if (lease === undefined) throw new Error("a miss");
    for (const view of lease.chunks(0, lease.size)) if (view.length === 0) throw new Error("empty");
    lease.release();
  });
}

{
  const cache = fullCache(pattern(1_024, 1));
  let turn = 0;
  Deno.bench("a key that is not held: look up", () => {
    cache.lookup(`bucket/none/${turn++ & 4_095}`, "", 0);
  });
  Deno.bench("write of one object: begin and end", () => {
    const write = cache.beginWrite({ objects: [`bucket/none/${turn++ & 4_095}`] });
    if (!(write instanceof Promise)) write.end();
  });
}

for (const size of [1_024, 65_536, 1_048_576]) {
  const body = pattern(size, 1);
  const chunks = Array.from(
    { length: Math.ceil(size / 65_536) },
    (_, i) => body.subarray(i * 65_536, (i + 1) * 65_536),
  );
  const cache = fullCache(pattern(1_024, 1));
  for (const announced of [size, undefined]) {
    let turn = 0;
    Deno.bench(`fill ${size} bytes of ${announced ? "known" : "unknown"} size, and evict`, () => {
      const acquired = cache.acquire(`bucket/new/${announced}/${turn++}`, "", 0);
      if (acquired.kind !== "lead") throw new Error(acquired.kind);
      if (!acquired.fill.begin("record", announced)) throw new Error("refused");
      for (const chunk of chunks) acquired.fill.write(chunk);
      acquired.fill.commit(0);
    });
  }
}

{
  const cache = emptyCache();
  let turn = 0;
  const body = pattern(1_024, 1);
  Deno.bench("lead, follow and read 1 KiB in one isolate", async () => {
    const acquired = cache.acquire(`bucket/new/${turn++}`, "", 0);
    if (acquired.kind !== "lead") throw new Error(acquired.kind);
    const follower = acquired.fill.follow();
    acquired.fill.begin("record", 1_024);
    acquired.fill.write(body);
    acquired.fill.commit(0);
    while (await follower.read() !== undefined);
    follower.release();
  });
}
