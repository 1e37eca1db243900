/**
 * A write in a shared cache.
 *
 * Invariants:
 * - Its barriers are put up in the same section that looks at what they bar, or an earlier one: no
 *   fill in its scope begins afterwards, so each slot need be looked at only once.
 * - Long work is cut into short sections; a write by prefix lets its isolate do other things in
 *   between.
 * - A worker that dies leaves its barriers. Who voids it takes them down, in time.
 *
 * @module
 */
import type { Awaitable } from "./awaitable.ts";
import type { Write, WriteScope } from "./cache.ts";
import { entryKey, hashPrefix } from "./entry_key.ts";
import { WRITES } from "./memory_counts.ts";
import type { SharedStore } from "./shared_store.ts";
import { FREE, STATE } from "./slot_words.ts";
import type { Barred, StandingBarrier } from "./write_table.ts";

/** Objects, or slots, that are looked at in one section. */
const OBJECTS_A_SECTION = 64;
const SLOTS_A_SECTION = 1_000;

/** Sections between two pauses. */
const SECTIONS_A_TURN = 8;

/** One write of a worker, in the memory that the worker uses now. */
export class SharedWrite implements Write {
  readonly #scope: WriteScope;
  readonly #worker: number;
  readonly #ended: (write: SharedWrite) => void;
  #store: SharedStore;
  #barriers: StandingBarrier[] = [];
  #open = true;

  /**
   * A write that is to begin.
   *
   * @param scope What it concerns.
   * @param worker Whose it is.
   * @param store Where it begins first.
   * @param ended Called at its end.
   */
  constructor(
    scope: WriteScope,
    worker: number,
    store: SharedStore,
    ended: (write: SharedWrite) => void,
  ) {
    this.#scope = scope;
    this.#worker = worker;
    this.#store = store;
    this.#ended = ended;
  }

  /**
   * Puts up the barriers in a memory, at once, and drops what they bar. In a poisoned memory it
   * does nothing.
   */
  begin(store: SharedStore): Awaitable<void> {
    this.#store = store;
    this.#barriers = [];
    store.views.ownWords(this.#worker)[WRITES]! += 1;
    return "prefix" in this.#scope
      ? this.#beginPrefix(this.#scope.prefix)
      : this.#beginObjects(this.#scope.objects);
  }

  /** Takes the barriers down. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    const { monitor, writes, ownWords } = this.#store.views;
    monitor.run(() => {
      for (const { barred, kind } of this.#barriers) writes.remove(this.#worker, barred, kind);
    }, undefined);
    ownWords(this.#worker)[WRITES]! -= 1;
    this.#ended(this);
  }

  #beginObjects(objects: readonly string[]): void {
    const store = this.#store;
    for (let from = 0; from < objects.length; from += OBJECTS_A_SECTION) {
      const keys = objects.slice(from, from + OBJECTS_A_SECTION).map((name) => entryKey(name, ""));
      store.views.monitor.run(() => {
        for (const key of keys) {
          this.#bar({ high: key.high, low: key.low, length: undefined });
          store.overtakeObject(key);
        }
      }, undefined);
    }
  }

  async #beginPrefix(prefix: string): Promise<void> {
    const store = this.#store;
    const { monitor } = store.views;
    const barred = { ...hashPrefix(prefix, prefix.length), length: prefix.length };
    const used = monitor.run(() => {
      this.#bar(barred);
      return store.room.pool.used;
    }, 0);
    for (let from = 0, sections = 1; from < used; from += SLOTS_A_SECTION, sections++) {
      const end = Math.min(from + SLOTS_A_SECTION, used);
      monitor.run(() => overtakeBelow(store, prefix, from, end), undefined);
      if (sections % SECTIONS_A_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  }

  #bar(barred: Barred): void {
    const kind = this.#store.views.writes.add(this.#worker, barred);
    this.#barriers.push({ barred, kind });
  }
}

/** Overtakes what is below a prefix, in the slots from `from` up to `end`. */
function overtakeBelow(store: SharedStore, prefix: string, from: number, end: number): void {
  const { slots } = store.views;
  for (let slot = from; slot < end; slot++) {
    if (slots.read(slot, STATE) !== FREE && store.room.index.isBelow(slot, prefix)) {
      store.overtake(slot);
    }
  }
}
