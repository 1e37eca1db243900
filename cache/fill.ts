/**
 * A fill of a local cache.
 *
 * @module
 */
import { BodyWriter } from "./body.ts";
import type { Fill } from "./cache.ts";
import { chargeBeside } from "./entry.ts";
import type { EntryStore } from "./entry_store.ts";
import type { InFlight, TrackedFill } from "./in_flight.ts";
import { hashKey, type KeyHash } from "./key_hash.ts";
import type { CacheOptions } from "./options.ts";
import { NO_SLOT } from "./slot_table.ts";

/** Where a fill belongs. */
export interface FillHome<R> {
  /** Limits and codec. */
  readonly options: CacheOptions<R>;
  /** Gives memory, and takes the entry. */
  readonly store: EntryStore<R>;
  /** Tracks the fill while it may be admitted. */
  readonly inFlight: InFlight;
}

interface Announced<R> {
  readonly record: R;
  readonly size: number | undefined;
}

/**
 * Reserves all that it takes before it takes it: charge and announced size at `begin`, block by
 * block where the size is not known. It is tracked from its construction to its end.
 */
export class LocalFill<R> implements Fill<R>, TrackedFill {
  /** The object that is read. */
  readonly object: string;
  readonly #variant: string;
  readonly #key: KeyHash;
  readonly #home: FillHome<R>;
  #body: BodyWriter = new BodyWriter();
  #announced: Announced<R> | undefined;
  #reserved = 0;
  #ended = false;

  /** Begins a fill of an object that no write concerns. */
  constructor(home: FillHome<R>, object: string, variant: string) {
    this.#home = home;
    this.object = object;
    this.#variant = variant;
    this.#key = hashKey(object, variant);
    home.inFlight.track(this);
  }

  /** Bytes reserved. */
  get reserved(): number {
    return this.#reserved;
  }

  /** Announces the entry, and reserves what it will be charged with as far as that is known. */
  begin(record: R, size: number | undefined): boolean {
    if (this.#ended) return false;
    if (this.#announced !== undefined) throw new Error("The fill has begun already");
    if (size !== undefined && (!Number.isSafeInteger(size) || size < 0)) {
      throw new RangeError(`The size must be an integer of at least 0, is ${size}`);
    }
    const { codec } = this.#home.options;
    const beside = chargeBeside(this.object, this.#variant, codec.encode(record).length);
    const bytes = size ?? 0;
    if (bytes > this.#home.options.maxObjectBytes || !this.#reserve(beside + bytes)) {
      return this.#end();
    }
    this.#announced = { record, size };
    this.#body.extend(bytes);
    return true;
  }

  /** Copies bytes into the body. */
  write(chunk: Uint8Array): boolean {
    if (this.#ended) return false;
    if (this.#announced === undefined) throw new Error("The fill has not begun");
    const free = this.#body.capacity - this.#body.size;
    if (chunk.length > free) {
      if (this.#announced.size !== undefined) return this.#end();
      this.#body.write(chunk.subarray(0, free));
      return this.#writeBeyond(chunk.subarray(free));
    }
    this.#body.write(chunk);
    return true;
  }

  /** Admits the entry in place of the one at its address. */
  commit(now: number): boolean {
    if (this.#ended) return false;
    if (this.#announced === undefined) throw new Error("The fill has not begun");
    const { record, size } = this.#announced;
    if (size !== undefined && this.#body.size !== size) return this.#end();
    const { store, inFlight, options } = this.#home;
    const spare = this.#body.capacity - this.#body.size;
    const body = this.#body.finish();
    store.unreserve(spare);
    const bytes = this.#reserved - spare;
    this.#ended = true;
    inFlight.forget(this);
    store.admit({
      object: this.object,
      variant: this.#variant,
      key: this.#key,
      record,
      body,
      storedAt: now,
      expiresAt: now + options.ttlMs,
      bytes,
      slot: NO_SLOT,
      leases: 0,
    });
    this.#release();
    return true;
  }

  /** Gives the fill up. */
  abort(): void {
    this.#end();
  }

  /** Ends the fill for a write that concerns its object. */
  lose(): void {
    this.#end();
  }

  #writeBeyond(rest: Uint8Array): boolean {
    const permitted = this.#home.options.maxObjectBytes - this.#body.capacity;
    const block = Math.min(this.#body.nextBlock(rest.length), permitted);
    if (rest.length > permitted || !this.#reserve(block)) return this.#end();
    this.#body.extend(block);
    this.#body.write(rest);
    return true;
  }

  #reserve(bytes: number): boolean {
    if (!this.#home.store.reserve(bytes, this.#key)) return false;
    this.#reserved += bytes;
    return true;
  }

  /** Leaves the tracking and gives all memory back; `false`, for it was not admitted. */
  #end(): false {
    if (this.#ended) return false;
    this.#ended = true;
    this.#home.store.unreserve(this.#reserved);
    this.#home.inFlight.forget(this);
    this.#release();
    return false;
  }

  /** Lets go of what only a running fill needs, for its holder may keep it longer. */
  #release(): void {
    this.#reserved = 0;
    this.#announced = undefined;
    this.#body = new BodyWriter();
  }
}
