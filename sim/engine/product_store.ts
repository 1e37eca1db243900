/**
 * The proxy's own cache in a simulation.
 *
 * @module
 */
import {
  type Cache,
  type CacheLimits,
  type Fill,
  openCache,
  type RecordCodec,
  type Write,
} from "@s3-edge-cache/cache";
import type { SimRequest } from "../workload/sim_request.ts";
import type { Reading, Store, StoreStats } from "./store.ts";

/** Bytes of a record: what the header fields that S3 sends with an object take. */
const RECORD_BYTES = 256;

const record = new Uint8Array(RECORD_BYTES);
const codec: RecordCodec<undefined> = { encode: () => record, decode: () => undefined };

/**
 * The cache of the proxy as it is: index, monitor, allocator, policy, expiry, writes. Only the
 * bodies are left out, memory that is allocated and never touched.
 */
export class ProductStore implements Store {
  readonly #cache: Cache<undefined>;
  readonly #fills: Fill<undefined>[] = [];
  readonly #renewals: boolean[] = [];
  readonly #writes: Write[] = [];

  /**
   * Makes a cache.
   *
   * @throws {RangeError} if the limits are out of bounds, or there is no address space for them.
   */
  constructor(limits: CacheLimits) {
    this.#cache = openCache({ ...limits, codec });
  }

  /** Acquires the entry. One that is too old is good for as long as its object has its size. */
  read(request: SimRequest, client: number, now: number): Reading {
    const acquired = this.#cache.acquire(request.key, "", now);
    if (acquired.kind === "bypass") return "bypass";
    if (acquired.kind === "hit") {
      acquired.lease.release();
      return "hit";
    }
    const { stale } = acquired;
    const isGood = stale !== undefined && stale.size === request.size;
    stale?.release();
    if (acquired.kind === "follow") {
      acquired.follower.release();
      return "follow";
    }
    this.#fills[client] = acquired.fill;
    this.#renewals[client] = isGood;
    return isGood ? "stale" : "lead";
  }

  /** Looks the entry up. */
  head(request: SimRequest, now: number): boolean {
    const lease = this.#cache.lookup(request.key, "", now);
    lease?.release();
    return lease !== undefined;
  }

  /** Fills the entry, if the cache takes it, or renews it. */
  fill(request: SimRequest, client: number, now: number): void {
    const fill = this.#fills[client]!;
    if (this.#renewals[client]) fill.renew(now);
    else if (fill.begin(undefined, request.size) && fill.skip(request.size)) fill.commit(now);
  }

  /** Begins a write of the object. */
  beginWrite(request: SimRequest, client: number): void {
    const write = this.#cache.beginWrite({ objects: [request.key] });
    if (write instanceof Promise) throw new TypeError("A write of one object begins at once");
    this.#writes[client] = write;
  }

  /** Ends it. */
  endWrite(_request: SimRequest, client: number): void {
    this.#writes[client]!.end();
  }

  /** A moment's figures. */
  stats(): StoreStats {
    return this.#cache.stats();
  }

  /** Audits the cache. */
  audit(): void {
    this.#cache.audit();
  }
}
