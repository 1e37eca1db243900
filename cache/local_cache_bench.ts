import { LocalCache } from "./local_cache.ts";
import { CACHE_DEFAULTS } from "./options.ts";
import { pattern, stringCodec } from "./testing/cache_probe.ts";
import { seededRandom } from "./testing/random.ts";

const ENTRIES = 10_000;

function fill(cache: LocalCache<string>, object: string, body: Uint8Array): void {
  const fill = cache.fill(object, "", 0);
  if (fill?.begin("record", body.length) === true && fill.write(body)) fill.commit(0);
}

function fullCache(body: Uint8Array): LocalCache<string> {
  const cache = new LocalCache({ ...CACHE_DEFAULTS, maxEntries: ENTRIES, codec: stringCodec });
  for (let i = 0; i < ENTRIES; i++) fill(cache, `bucket/object/${i}`, body);
  return cache;
}

const random = seededRandom(1);
const names = Array.from(
  { length: 4_096 },
  () => `bucket/object/${Math.floor(random() * ENTRIES)}`,
);

for (const size of [1_024, 65_536]) {
  const body = pattern(size, 1);
  const cache = fullCache(body);
  let turn = 0;
  Deno.bench(`hit: look up, walk and release ${size} bytes`, () => {
    const lease = cache.lookup(names[turn++ & 4_095]!, "", 0);
    if (lease === undefined) throw new Error("a miss");
    for (const view of lease.chunks(0, lease.size)) if (view.length === 0) throw new Error("empty");
    lease.release();
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
      const fill = cache.fill(`bucket/new/${announced}/${turn++}`, "", 0);
      if (fill?.begin("record", announced) !== true) throw new Error("refused");
      for (const chunk of chunks) fill.write(chunk);
      fill.commit(0);
    });
  }
}
