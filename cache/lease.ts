/**
 * A lease of a local cache.
 *
 * @module
 */
import type { Lease } from "./cache.ts";
import type { Entry } from "./entry.ts";
import type { EntryStore } from "./entry_store.ts";

/** Pins an entry from its construction to its release. */
export class LocalLease<R> implements Lease<R> {
  /** What was stored beside the body. */
  readonly record: R;
  /** Length of the body in bytes. */
  readonly size: number;
  /** When the entry was admitted. */
  readonly storedAt: number;
  /** From when on the entry is no longer found. */
  readonly expiresAt: number;
  readonly #store: EntryStore<R>;
  #entry: Entry<R> | undefined;

  /** Pins an entry that can be found. */
  constructor(store: EntryStore<R>, entry: Entry<R>) {
    store.pin(entry);
    this.#store = store;
    this.#entry = entry;
    this.record = entry.record;
    this.size = entry.body.size;
    this.storedAt = entry.storedAt;
    this.expiresAt = entry.expiresAt;
  }

  /** The bytes from `start` up to `end`, as views. */
  chunks(start: number, end: number): Iterable<Uint8Array> {
    const valid = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end &&
      end <= this.size;
    if (!valid) {
      throw new RangeError(`Bytes must be of 0 to ${this.size} in order, are ${start} to ${end}`);
    }
    return this.#views(this.#pinned().body.views(start, end));
  }

  /** Gives the entry back. */
  release(): void {
    if (this.#entry === undefined) return;
    this.#store.unpin(this.#entry);
    this.#entry = undefined;
  }

  *#views(views: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
    for (const view of views) {
      this.#pinned();
      yield view;
    }
  }

  #pinned(): Entry<R> {
    if (this.#entry === undefined) throw new Error("The lease is released");
    return this.#entry;
  }
}
