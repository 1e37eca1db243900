/**
 * Several caches as one.
 *
 * @module
 */
import type { Awaitable } from "../awaitable.ts";
import type { Acquisition, Cache, CacheStats, Lease, Write, WriteScope } from "../cache.ts";

/** Gives each call to the next of several attachments to one memory. */
export class CachesInTurns<R> implements Cache<R> {
  readonly #caches: readonly Cache<R>[];
  #turn = 0;

  /** @param caches All see the same entries. */
  constructor(caches: readonly Cache<R>[]) {
    this.#caches = caches;
  }

  /** Looks up, by the next. */
  lookup(object: string, variant: string, now: number): Lease<R> | undefined {
    return this.#next().lookup(object, variant, now);
  }

  /** Acquires, by the next. */
  acquire(object: string, variant: string, now: number): Acquisition<R> {
    return this.#next().acquire(object, variant, now);
  }

  /** Acquires what is held, by the next. */
  reacquire(object: string, variant: string, now: number): Acquisition<R> | undefined {
    return this.#next().reacquire(object, variant, now);
  }

  /** Begins a write, by the next. */
  beginWrite(scope: WriteScope): Awaitable<Write> {
    return this.#next().beginWrite(scope);
  }

  /** Drops, by the next. */
  drop(object: string, variant: string, storedAt?: number): boolean {
    return this.#next().drop(object, variant, storedAt);
  }

  /** Figures of the next; the same as those of any. */
  stats(): CacheStats {
    return this.#next().stats();
  }

  /** Audits, by the next. */
  audit(): void {
    this.#next().audit();
  }

  #next(): Cache<R> {
    this.#turn += 1;
    return this.#caches[this.#turn % this.#caches.length]!;
  }
}
