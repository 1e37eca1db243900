/**
 * A cache filled without a network in between: a million entries in seconds.
 *
 * @module
 */
import { CACHE_DEFAULTS, openCache, type SharedCache } from "@s3-edge-cache/cache";
import { PauseProbe } from "./pause_probe.ts";
import { usageOf } from "./process_usage.ts";

/** What is put into the cache. */
export interface DirectOptions {
  /** How many entries. */
  readonly entries: number;
  /** Bytes of each body. */
  readonly size: number;
  /** Bytes that the cache may hold. */
  readonly cacheBytes: number;
}

/** What an entry of a small object has beside its body, in bytes: fields as S3 sends them. */
const RECORD_BYTES = 250;

/** Entries that are filled in one turn of the event loop. */
const ENTRIES_A_TURN = 50;

/**
 * Fills, evicts and purges; prints figures.
 *
 * @returns The longest work without a round of the event loop, in milliseconds.
 */
export async function fillDirectly(options: DirectOptions): Promise<number> {
  const { entries, size, cacheBytes } = options;
  const record = new Uint8Array(RECORD_BYTES);
  const codec = { encode: (bytes: Uint8Array) => bytes, decode: (bytes: Uint8Array) => bytes };
  const bounds = { maxEntries: entries, maxBytes: cacheBytes };
  const cache = openCache({ ...CACHE_DEFAULTS, ...bounds, codec });
  const body = new Uint8Array(size);
  await fill(cache, "warm", 1_000, record, body);
  (await cache.beginWrite({ prefix: "bucket/" })).end();
  const before = (await usageOf(Deno.pid)).residentBytes;
  const probe = new PauseProbe();
  let longest = 0;
  const phase = async (name: string, work: () => Promise<void>) => {
    probe.take();
    const start = performance.now();
    await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    await rest();
    const { working } = probe.take();
    longest = Math.max(longest, working);
    console.log(`${name}: ${seconds} s, longest work ${working.toFixed(1)} ms`);
  };
  await phase("filled", () => fill(cache, "entry", entries, record, body));
  const { entries: held, bytes } = cache.stats();
  const grown = (await usageOf(Deno.pid)).residentBytes - before;
  await phase("evicted", () => fill(cache, "other", Math.ceil(entries / 10), record, body));
  await phase("purged", async () => (await cache.beginWrite({ prefix: "bucket/" })).end());
  console.log(
    `${held} entries; beyond body, record and key an entry takes ` +
      `${(bytes / held - size - RECORD_BYTES - keyOf("entry", entries).length).toFixed(0)} bytes ` +
      `as charged, ${
        (grown / held - size - RECORD_BYTES - keyOf("entry", entries).length).toFixed(0)
      } ` +
      `resident; ${cache.stats().entries} left`,
  );
  cache.audit();
  return longest;
}

async function fill(
  cache: SharedCache<Uint8Array>,
  name: string,
  count: number,
  record: Uint8Array,
  body: Uint8Array,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (i % ENTRIES_A_TURN === 0) await rest();
    const acquired = cache.acquire(keyOf(name, i), "", Date.now());
    if (acquired.kind !== "lead") throw new Error(`${name} ${i}: ${acquired.kind}`);
    acquired.fill.begin(record, body.length);
    acquired.fill.write(body);
    if (!acquired.fill.commit(Date.now())) throw new Error(`${name} ${i} was not admitted`);
  }
}

function keyOf(name: string, position: number): string {
  return `bucket/${name}-${String(position).padStart(8, "0")}`;
}

/** Lets the event loop come round. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
