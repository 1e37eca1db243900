/**
 * A lease of a shared cache.
 *
 * @module
 */
import type { Lease } from "./cache.ts";
import type { KnownEntry } from "./local_map.ts";
import type { PinHolder } from "./pin_holder.ts";

/** Gives a pinned entry to its reader, and takes the pin back at its release. */
export class SharedLease<R> implements Lease<R> {
  readonly #pins: PinHolder;
  readonly #entry: KnownEntry<R>;
  #released = false;

  /**
   * @param pins Hold the entry.
   * @param entry Pinned once for this lease.
   */
  constructor(pins: PinHolder, entry: KnownEntry<R>) {
    this.#pins = pins;
    this.#entry = entry;
  }

  /** What was stored beside the body. */
  get record(): R {
    return this.#entry.record;
  }

  /** Length of the body in bytes. */
  get size(): number {
    return this.#entry.size;
  }

  /** When the entry was admitted. */
  get storedAt(): number {
    return this.#entry.storedAt;
  }

  /** From when on the entry is no longer found. */
  get expiresAt(): number {
    return this.#entry.expiresAt;
  }

  /** The bytes from `start` up to `end`, as views. */
  chunks(start: number, end: number): Iterable<Uint8Array> {
    const valid = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end &&
      end <= this.size;
    if (!valid) {
      throw new RangeError(`Bytes must be of 0 to ${this.size} in order, are ${start} to ${end}`);
    }
    this.#holdPinned();
    return this.#views(start, end);
  }

  /** Gives the entry back. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#pins.release(this.#entry.slot, this.#entry.generation);
  }

  *#views(start: number, end: number): Generator<Uint8Array, void, void> {
    let base = 0;
    for (const view of this.#entry.views) {
      if (base >= end) return;
      const from = Math.max(start - base, 0);
      const to = Math.min(end - base, view.length);
      if (from < to) {
        this.#holdPinned();
        yield from === 0 && to === view.length ? view : view.subarray(from, to);
      }
      base += view.length;
    }
  }

  #holdPinned(): void {
    if (this.#released) throw new Error("The lease is released");
  }
}
