/**
 * What is done inside the monitor: slots are led, announced, admitted, overtaken.
 *
 * Invariants:
 * - All calls are made inside the monitor; each leaves everything in order.
 * - Ready slots never exceed `maxEntries`.
 * - A worker that dies inside leaves all this in any state, and the memory is poisoned. One that
 *   dies outside leaves it in order.
 *
 * @module
 */
import type { Located } from "./located.ts";
import { PART } from "./cache.ts";
import { type EntryKey, storeKey } from "./entry_key.ts";
import type { CacheViews } from "./memory.ts";
import * as memoryCounts from "./memory_counts.ts";
import { Room } from "./room.ts";
import * as roomModule from "./room.ts";
import * as slotWords from "./slot_words.ts";

const { ENTRIES, FILL_BYTES, FILLS } = memoryCounts;
const { MORE, NO_ROOM } = roomModule;
const { CHAIN, EXPIRES_AT, FILLING, GENERATION, LOST, READY, STATE, STORED_AT, VERSION, WEIGHT } =
  slotWords;

/** The shared state of a cache, as one isolate works on it. */
export class SharedStore {
  /** All arrays. */
  readonly views: CacheViews;
  /** Slots and memory. */
  readonly room: Room;

  /** Attaches to a memory. */
  constructor(views: CacheViews) {
    this.views = views;
    this.room = new Room(views);
  }

  /** Takes a slot for the fill of a key that is not linked; -1 if there is no room now. */
  lead(key: EntryKey, worker: number): number {
    const { slots, places, counts, sums } = this.views;
    const slot = this.room.takeSlot();
    if (slot < 0) return NO_ROOM;
    const place = this.room.place(key, slot);
    if (place === NO_ROOM || place === MORE) {
      this.room.pool.give(slot);
      return NO_ROOM;
    }
    storeKey(key, places.bytes(place), places.offset(place));
    slots.describeFill(slot, key, place, worker);
    const weight = this.room.weigh(slot);
    slots.setFigure(slot, WEIGHT, weight);
    sums[FILL_BYTES]! += weight;
    counts[FILLS]! += 1;
    this.room.index.link(slot);
    return slot;
  }

  /**
   * Gives a fill memory for all that it has announced, in place of that for its key.
   *
   * @param bytes Key, record and body.
   * @returns 0, {@linkcode NO_ROOM} or {@linkcode MORE}.
   */
  announce(slot: number, key: EntryKey, bytes: number): number {
    const { slots, places } = this.views;
    const chain = this.room.allocate(bytes, slot, key);
    if (chain < 0) return chain;
    storeKey(key, places.bytes(chain), places.offset(chain));
    places.give(slots.read(slot, CHAIN));
    slots.write(slot, CHAIN, chain);
    this.#reweigh(slot);
    return 0;
  }

  /**
   * Gives a fill `bytes` more.
   *
   * @param extent One of its extents, the last if possible.
   * @returns 0, {@linkcode NO_ROOM} or {@linkcode MORE}.
   */
  extend(slot: number, key: EntryKey, extent: number, bytes: number): number {
    const made = this.room.extend(extent, bytes, key);
    if (made === 0) this.#reweigh(slot);
    return made;
  }

  /** Gives back what a fill has beyond its first `bytes` bytes. */
  truncate(slot: number, bytes: number): void {
    this.views.arena.truncate(this.views.slots.read(slot, CHAIN), bytes);
    this.#reweigh(slot);
  }

  /**
   * Makes an entry of a fill that was not lost. No write concerns its object: one that began since
   * the fill was led has made it lost.
   *
   * @param stale The entry that was at its address when it was led.
   * @returns Whether it was; else the fill is at its end.
   */
  admit(slot: number, key: EntryKey, now: number, stale: Located | undefined): boolean {
    const { slots, counts, sums, memory, policy } = this.views;
    if (slots.read(slot, STATE) !== FILLING) {
      this.endFill(slot);
      return false;
    }
    this.#supersede(slot, key, stale);
    while (counts[ENTRIES]! >= memory.limits.maxEntries && this.room.evict(key));
    const weight = slots.figure(slot, WEIGHT);
    sums[FILL_BYTES]! -= weight;
    counts[FILLS]! -= 1;
    counts[ENTRIES]! += 1;
    this.#setTimes(slot, now);
    slots.write(slot, STATE, READY);
    policy.insert(slot, weight, key.entryHigh, key.entryLow);
    return true;
  }

  /**
   * Makes a stale entry as good as new.
   *
   * @param slot The entry, when it had this generation.
   * @returns Whether it was; not if it has gone. A write that has overtaken the fill which was to
   * replace it has killed it too.
   */
  renew(slot: number, generation: number, now: number): boolean {
    if (this.views.slots.read(slot, GENERATION) !== generation) return false;
    this.#setTimes(slot, now);
    return true;
  }

  /** Ends a fill, lost or not, without an entry. */
  endFill(slot: number): void {
    const { slots, sums } = this.views;
    if (slots.read(slot, STATE) === FILLING) this.lose(slot);
    sums[FILL_BYTES]! -= slots.figure(slot, WEIGHT);
    this.room.bury(slot);
  }

  /** Lets a fill run on that cannot be joined or admitted any more. */
  lose(slot: number): void {
    this.room.index.unlink(slot);
    this.views.slots.write(slot, STATE, LOST);
    this.views.counts[FILLS]! -= 1;
  }

  /** What a write does to a slot of its scope: an entry is killed, a fill lost. */
  overtake(slot: number): void {
    const state = this.views.slots.read(slot, STATE);
    if (state === READY) this.room.kill(slot);
    else if (state === FILLING) this.lose(slot);
  }

  /** What a write of an object does to all its variants. */
  overtakeObject(key: EntryKey): void {
    this.room.index.visit(key, (slot) => this.overtake(slot));
  }

  #setTimes(slot: number, now: number): void {
    const { slots, memory } = this.views;
    slots.setFigure(slot, STORED_AT, now);
    slots.setFigure(slot, EXPIRES_AT, now + memory.limits.ttlMs);
  }

  /**
   * Kills what a fill takes the place of: its parts, other versions, the entry of its address. That
   * can only be the one that it was led with, for while it could be joined no other was led.
   */
  #supersede(slot: number, key: EntryKey, stale: Located | undefined): void {
    const { room: { index }, views: { slots } } = this;
    if (stale !== undefined && slots.read(stale.slot, GENERATION) === stale.generation) {
      this.room.kill(stale.slot);
    }
    if (key.variant === "" && !index.mayVary(key)) return;
    const version = slots.read(slot, VERSION);
    const isPart = key.variant.includes(PART);
    index.visit(key, (other) => {
      if (slots.read(other, STATE) !== READY) return false;
      const its = slots.read(other, VERSION);
      if (version !== 0 && its !== 0 && its !== version) this.room.kill(other);
      // All others of this object have this version too.
      else if (isPart) return version === 0 || its === version;
      else if (index.keyOf(other).variant.startsWith(key.variant + PART)) this.room.kill(other);
      return false;
    });
  }

  #reweigh(slot: number): void {
    const { slots, sums } = this.views;
    const weight = this.room.weigh(slot);
    sums[FILL_BYTES]! += weight - slots.figure(slot, WEIGHT);
    slots.setFigure(slot, WEIGHT, weight);
  }
}
