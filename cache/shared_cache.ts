/**
 * A cache for any number of workers.
 *
 * @module
 */
import type { Awaitable } from "./awaitable.ts";
import type {
  Acquisition,
  Cache,
  CacheStats,
  Lease,
  RecordCodec,
  Write,
  WriteScope,
} from "./cache.ts";
import { Attachment } from "./attachment.ts";
import { type EntryKey, entryKey } from "./entry_key.ts";
import { SharedFollower } from "./follower.ts";
import type { CacheMemory } from "./memory.ts";
import { auditStore } from "./shared_audit.ts";
import { SharedFill } from "./shared_fill.ts";
import { SharedLease } from "./shared_lease.ts";
import { sharedStats } from "./shared_stats.ts";
import { SharedWrite } from "./shared_write.ts";

/**
 * One worker's way to the cache that it shares with the others.
 *
 * **A hit** on an entry that this worker has read before takes no lock: it pins the slot, and sees
 * by the slot's generation that the entry still lives. Everything else is one short section inside
 * the monitor.
 *
 * **Memory.** `bytes` counts what is held for real and never exceeds `maxBytes`: key, record and
 * body of each entry in whole blocks of 64 bytes, and a fixed charge for its slot; an entry that
 * was dropped or evicted until its last lease or follower is released; and fills, from the moment
 * that they are led. What a fill evicted does not come back if it is given up.
 *
 * **Time** is only ever compared with the expiry that an entry got when it was admitted; a clock
 * that goes back makes an entry live longer by as much.
 *
 * **Trouble.** In a memory that is poisoned, or not open, nothing is found and nothing filled, and
 * writes do nothing.
 *
 * @example
 * ```ts
 * import { CACHE_DEFAULTS, CacheKeeper, createCacheMemory, SharedCache } from "@s3-edge-cache/cache";
 * import assert from "node:assert/strict";
 *
 * const codec = {
 *   encode: (etag: string) => new TextEncoder().encode(etag),
 *   decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
 * };
 * const memory = createCacheMemory(CACHE_DEFAULTS, 2);
 * new CacheKeeper(memory).open();
 * const [cache, other] = [new SharedCache(memory, 0, codec), new SharedCache(memory, 1, codec)];
 *
 * const led = cache.acquire("bucket/key", "", 0);
 * assert(led.kind === "lead");
 * const followed = other.acquire("bucket/key", "", 0);
 * assert(followed.kind === "follow");
 *
 * assert(led.fill.begin('"etag"', 3));
 * led.fill.write(new Uint8Array([1, 2, 3]));
 * assert.deepEqual(await followed.follower.head(), { kind: "begun", record: '"etag"', size: 3 });
 * assert.deepEqual([...(await followed.follower.read())!], [1, 2, 3]);
 * assert(led.fill.commit(1_000));
 * assert.equal(await followed.follower.read(), undefined);
 * followed.follower.release();
 *
 * const lease = other.lookup("bucket/key", "", 2_000);
 * assert.deepEqual([...lease!.chunks(1, 3)].map((view) => [...view]), [[2, 3]]);
 * lease?.release();
 *
 * const write = await other.beginWrite({ objects: ["bucket/key"] });
 * assert.equal(cache.lookup("bucket/key", "", 2_000), undefined);
 * assert.equal(cache.acquire("bucket/key", "", 2_000).kind, "bypass");
 * write.end();
 * ```
 */
export class SharedCache<R> implements Cache<R> {
  readonly #worker: number;
  readonly #writes: Set<SharedWrite> = new Set();
  #home: Attachment<R>;

  /**
   * Attaches to a memory.
   *
   * @param memory What `createCacheMemory` made.
   * @param worker Number of this worker, which no other that lives has in this memory.
   * @param codec Turns records into bytes and back.
   * @throws {RangeError} if the memory has no worker of this number.
   */
  constructor(memory: CacheMemory, worker: number, codec: RecordCodec<R>) {
    if (!Number.isInteger(worker) || worker < 0 || worker >= memory.workers) {
      throw new RangeError(`worker must be an integer below ${memory.workers}, is ${worker}`);
    }
    this.#worker = worker;
    this.#home = new Attachment(memory, worker, codec);
  }

  /** Finds an entry that is fresh, and pins it. */
  lookup(object: string, variant: string, now: number): Lease<R> | undefined {
    const known = this.#home.pinKnown(object, variant, now);
    if (known !== undefined) return new SharedLease(this.#home.pins, known);
    const key = entryKey(object, variant);
    const { monitor } = this.#home.store.views;
    const found = monitor.run(() => this.#home.findFresh(key, now), undefined);
    return found === undefined ? undefined : this.#home.lease(key, found);
  }

  /** Finds an entry, joins its fill, or begins one. */
  acquire(object: string, variant: string, now: number): Acquisition<R> {
    return this.#acquire(object, variant, now, true) ?? { kind: "bypass" };
  }

  /** Finds an entry that is held, or joins or begins the fill that shall replace it. */
  reacquire(object: string, variant: string, now: number): Acquisition<R> | undefined {
    return this.#acquire(object, variant, now, false);
  }

  /** Begins a write. A prefix looks at every slot, a few at a time. */
  beginWrite(scope: WriteScope): Awaitable<Write> {
    const { store } = this.#home;
    const ended = (write: SharedWrite): void => void this.#writes.delete(write);
    const write = new SharedWrite(scope, this.#worker, store, ended);
    this.#writes.add(write);
    const begun = write.begin(store);
    return begun instanceof Promise ? begun.then(() => write) : write;
  }

  /** Drops one entry, if it is held. */
  drop(object: string, variant: string, storedAt?: number): boolean {
    const key = entryKey(object, variant);
    return this.#home.store.views.monitor.run(() => this.#home.drop(key, storedAt), false);
  }

  /** A moment's figures, of all workers together. */
  stats(): CacheStats {
    return sharedStats(this.#home.store);
  }

  /** Recomputes every sum, link, queue, chain and barrier. Takes its time inside the monitor. */
  audit(): void {
    auditStore(this.#home.store);
  }

  #acquire(
    object: string,
    variant: string,
    now: number,
    absent: boolean,
  ): Acquisition<R> | undefined {
    const home = this.#home;
    const known = home.pinKnown(object, variant, now);
    if (known !== undefined) return { kind: "hit", lease: new SharedLease(home.pins, known) };
    return this.#settle(entryKey(object, variant), now, absent);
  }

  #settle(key: EntryKey, now: number, absent: boolean): Acquisition<R> | undefined {
    const home = this.#home;
    const { views } = home.store;
    const settled = views.monitor.run(() => home.settle(key, now, absent), undefined);
    if (settled === undefined) return { kind: "bypass" };
    if (settled === "absent") return undefined;
    if (settled.kind === "hit") return { kind: "hit", lease: home.lease(key, settled.held) };
    const { kind, filling } = settled;
    const stale = settled.stale && home.staleLease(key, settled.stale);
    if (kind === "lead") return { kind, fill: new SharedFill(home, key, settled), stale };
    const { pins, codec } = home;
    return { kind, follower: new SharedFollower({ views, pins, codec, ...filling }), stale };
  }

  /**
   * Goes over to another memory, and begins this worker's writes there that are in flight. The
   * former memory is poisoned; leases, followers and fills in it go on, but nothing is admitted.
   * The new one is to be opened when every worker has gone over.
   *
   * @param memory Closed.
   */
  adopt(memory: CacheMemory): void {
    this.#home.store.views.monitor.poison();
    this.#home = new Attachment(memory, this.#worker, this.#home.codec);
    for (const write of this.#writes) void write.begin(this.#home.store);
  }
}
