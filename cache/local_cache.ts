/**
 * A cache for one isolate.
 *
 * @module
 */
import type { Cache, CacheStats, Fill, Lease, Write, WriteScope } from "./cache.ts";
import type { Entry } from "./entry.ts";
import { EntryStore } from "./entry_store.ts";
import { type FillHome, LocalFill } from "./fill.ts";
import { InFlight } from "./in_flight.ts";
import { LocalLease } from "./lease.ts";
import { type CacheOptions, validateCacheOptions } from "./options.ts";
import { createPolicyMemory } from "./policy_memory.ts";
import { shardedS3Fifo } from "./sharded_s3_fifo.ts";

/**
 * Keeps entries in the memory of this isolate and answers at once, without promises.
 *
 * **Memory.** `bytes` counts what is held for real and never exceeds `maxBytes`: each entry with
 * body, encoded record, key and a fixed overhead; an entry that was dropped or evicted under a
 * lease until the last release; and fills from their announcement on, which take room before a
 * byte of theirs arrives, at the cost of older entries, and are refused where leases and other
 * fills leave none. What a fill evicted does not come back if it is given up.
 *
 * **Time** is only ever compared with the expiry that an entry got when it was admitted; a clock
 * that goes back makes an entry live longer by as much.
 *
 * **Same address.** Of two fills of one address, each that commits replaces what is there.
 *
 * @example
 * ```ts
 * import { CACHE_DEFAULTS, LocalCache } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const codec = {
 *   encode: (etag: string) => new TextEncoder().encode(etag),
 *   decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
 * };
 * const cache = new LocalCache({ ...CACHE_DEFAULTS, codec });
 *
 * const fill = cache.fill("bucket/key", "", 0);
 * assert(fill);
 * assert(fill.begin('"etag"', 3));
 * fill.write(new Uint8Array([1, 2, 3]));
 * assert(await fill.commit(1_000));
 *
 * const lease = cache.lookup("bucket/key", "", 2_000);
 * assert.deepEqual([...lease!.chunks(1, 3)], [new Uint8Array([2, 3])]);
 * lease?.release();
 *
 * const write = cache.beginWrite({ objects: ["bucket/key"] });
 * assert.equal(cache.lookup("bucket/key", "", 2_000), undefined);
 * assert.equal(cache.fill("bucket/key", "", 2_000), undefined);
 * write.end();
 * ```
 */
export class LocalCache<R> implements Cache<R> {
  readonly #home: FillHome<R>;
  readonly #store: EntryStore<R>;
  readonly #inFlight: InFlight = new InFlight();

  /**
   * An empty cache.
   *
   * @param options Limits and codec; {@linkcode CACHE_DEFAULTS} has the limits unless told.
   * @throws {TypeError | RangeError} as {@linkcode validateCacheOptions}.
   */
  constructor(options: CacheOptions<R>) {
    validateCacheOptions(options);
    const memory = createPolicyMemory({ ...options, slots: options.maxEntries }, ArrayBuffer);
    this.#store = new EntryStore(options, shardedS3Fifo(memory));
    this.#home = { options, store: this.#store, inFlight: this.#inFlight };
  }

  /** Finds an entry that has not expired, and pins it. One that has expired is dropped. */
  lookup(object: string, variant: string, now: number): Lease<R> | undefined {
    const entry = this.#store.find(object, variant);
    if (entry === undefined) return undefined;
    if (now >= entry.expiresAt) {
      this.#store.drop(entry);
      return undefined;
    }
    return new LocalLease(this.#store, entry);
  }

  /** Begins a fill, if no write of the object is in flight. */
  fill(object: string, variant: string, _now: number): Fill<R> | undefined {
    if (this.#inFlight.bars(object)) return undefined;
    return new LocalFill(this.#home, object, variant);
  }

  /** Begins a write. A prefix looks at every object held. */
  beginWrite(scope: WriteScope): Write & { end(): void } {
    this.#inFlight.begin(scope);
    for (const entry of this.#entriesOf(scope)) this.#store.drop(entry);
    let ended = false;
    return {
      end: () => {
        if (ended) return;
        ended = true;
        this.#inFlight.end(scope);
      },
    };
  }

  /** Drops one entry, if it is held. */
  drop(object: string, variant: string): void {
    const entry = this.#store.find(object, variant);
    if (entry !== undefined) this.#store.drop(entry);
  }

  /** A moment's figures. */
  stats(): CacheStats {
    return {
      entries: this.#store.entries,
      bytes: this.#store.bytes,
      evictions: this.#store.evictions,
      leases: this.#store.leases,
      fills: this.#inFlight.fills,
      writes: this.#inFlight.writes,
    };
  }

  /** Recomputes every sum, link, queue, ghost, index, lease and fill. */
  audit(): void {
    const held = (scope: WriteScope): boolean => !this.#entriesOf(scope).next().done;
    this.#store.audit(this.#inFlight.audit(held));
  }

  *#entriesOf(scope: WriteScope): Generator<Entry<R>, void, void> {
    if ("prefix" in scope) yield* this.#store.withPrefix(scope.prefix);
    else for (const object of scope.objects) yield* this.#store.variants(object);
  }
}
