/**
 * Room: what is held, and how more is made.
 *
 * Invariants:
 * - All calls are made inside the monitor; each leaves everything in order.
 * - The bytes held are those of the arena's blocks and {@linkcode slotBytes} for each slot that is
 *   not free. They never exceed `maxBytes`.
 * - A slot's *weight* is its part of the bytes held. The sums of the weights of limbo and of the
 *   fills are kept: no eviction can free those.
 * - A slot that dies is unlinked from index and policy first, so nobody comes to pin it; then its
 *   generation is raised; then its pins are summed, and its memory is freed or goes to limbo.
 * - An allocation that must evict does so in small parts, between which others get in.
 *
 * @module
 */
import { bytesOf } from "./block.ts";
import type { EntryKey } from "./entry_key.ts";
import { KeyIndex } from "./key_index.ts";
import { Limbo } from "./limbo.ts";
import { type CacheViews, slotBytes } from "./memory.ts";
import * as memoryCounts from "./memory_counts.ts";
import { SlotPool } from "./slot_pool.ts";
import * as slotWords from "./slot_words.ts";

const { ENTRIES, EVICTIONS, FILL_BYTES, LIMBO_BYTES, LIVE } = memoryCounts;
const { CHAIN, DEAD, GENERATION, STATE, WEIGHT } = slotWords;

/** There is no room, and no eviction would make any. */
export const NO_ROOM = -1;

/** There may be room after more evictions, which another section is to do. */
export const MORE = -2;

/** Evictions in one section. */
const EVICTIONS_A_SECTION = 128;

/** Payload of the smallest extents that an allocation is scattered over. */
const EXTENT_BYTES = 32_704;

/** Takes memory for a slot or an extent; {@linkcode NO_ROOM} if there is none. */
type Take = (bytes: number, owner: number) => number;

/** Takes slots and memory, and gives them back. */
export class Room {
  /** Finds slots. */
  readonly index: KeyIndex;
  /** Dead slots that are still read. */
  readonly limbo: Limbo;
  /** Free slots. */
  readonly pool: SlotPool;
  readonly #counts: CacheViews["counts"];
  readonly #sums: CacheViews["sums"];
  readonly #slots: CacheViews["slots"];
  readonly #pins: CacheViews["pins"];
  readonly #places: CacheViews["places"];
  readonly #arena: CacheViews["arena"];
  readonly #policy: CacheViews["policy"];
  readonly #maxBytes: number;
  readonly #slotBytes: number;
  readonly #allocate: Take;
  readonly #place: Take;
  readonly #extend: Take;
  readonly #freeDead: (slot: number) => void;

  /** Attaches to a memory. */
  constructor(views: CacheViews) {
    const { arena, heads, variants, slots, places } = views;
    this.index = new KeyIndex(heads, variants, slots, places);
    this.limbo = new Limbo(views.counts, views.slots, views.pins);
    this.pool = new SlotPool(views.counts, views.slots);
    this.#counts = views.counts;
    this.#sums = views.sums;
    this.#slots = slots;
    this.#pins = views.pins;
    this.#places = places;
    this.#arena = arena;
    this.#policy = views.policy;
    this.#maxBytes = views.memory.limits.maxBytes;
    this.#slotBytes = slotBytes(views.memory.workers);
    this.#allocate = (bytes, slot) => arena.allocate(bytes, slot);
    this.#place = (bytes, slot) => places.take(bytes, slot);
    this.#extend = (bytes, extent) => arena.extend(extent, bytes) ? 0 : NO_ROOM;
    this.#freeDead = (slot) => {
      this.#sums[LIMBO_BYTES]! -= slots.figure(slot, WEIGHT);
      this.#free(slot);
    };
  }

  /** Bytes held. */
  get heldBytes(): number {
    return this.#arena.usedBytes + this.#counts[LIVE]! * this.#slotBytes;
  }

  /** The weight of a slot, from its memory. */
  weigh(slot: number): number {
    return this.#slotBytes + this.#places.weigh(this.#slots.read(slot, CHAIN));
  }

  /** A slot that is free, or -1. */
  takeSlot(): number {
    const slot = this.pool.take();
    return slot < 0 && this.reap() ? this.pool.take() : slot;
  }

  /**
   * Allocates memory for a slot.
   *
   * @param key Of the slot.
   * @returns The address, {@linkcode NO_ROOM} or {@linkcode MORE}.
   */
  allocate(bytes: number, slot: number, key: EntryKey): number {
    return this.#make(bytes, key, this.#allocate, slot);
  }

  /**
   * Takes a place for the key of a fill that waits.
   *
   * @returns As {@linkcode allocate}.
   */
  place(key: EntryKey, slot: number): number {
    return this.#make(key.bytes, key, this.#place, slot);
  }

  /**
   * Appends memory to that of a slot.
   *
   * @param extent One of its extents, the last if possible.
   * @param key Of the slot.
   * @returns 0, {@linkcode NO_ROOM} or {@linkcode MORE}.
   */
  extend(extent: number, bytes: number, key: EntryKey): number {
    return this.#make(bytes, key, this.#extend, extent);
  }

  /** Evicts an entry to make room for a key; says whether there was one. */
  evict(key: EntryKey): boolean {
    const slot = this.#policy.evict(key.entryHigh, key.entryLow);
    if (slot < 0) return false;
    this.#sums[EVICTIONS]! += 1;
    this.#killRemoved(slot);
    return true;
  }

  /** Kills an entry for another reason than want of room. */
  kill(slot: number): void {
    this.#policy.remove(slot);
    this.#killRemoved(slot);
  }

  /** Raises the generation of a slot that is in neither index nor policy, then looks for pins. */
  bury(slot: number): void {
    this.#slots.write(slot, STATE, DEAD);
    this.#slots.store(slot, GENERATION, this.#slots.read(slot, GENERATION) + 1);
    if (this.#pins.sum(slot) === 0) return this.#free(slot);
    this.#sums[LIMBO_BYTES]! += this.#slots.figure(slot, WEIGHT);
    this.limbo.add(slot);
  }

  /** Frees the dead that are not read any more; says whether there were any. */
  reap(): boolean {
    return this.limbo.reap(this.#freeDead);
  }

  /** Evicts until `take`, which takes `bytes` of payload for `owner`, succeeds within the bound. */
  #make(bytes: number, key: EntryKey, take: Take, owner: number): number {
    const extents = bytes <= EXTENT_BYTES ? 1 : Math.ceil(bytes / EXTENT_BYTES);
    const most = bytes + bytesOf(2 + extents);
    for (let evictions = 0;;) {
      const result = this.heldBytes + most <= this.#maxBytes ? take(bytes, owner) : NO_ROOM;
      if (result !== NO_ROOM) return result;
      if (this.reap()) continue;
      if (this.#sums[LIMBO_BYTES]! + this.#sums[FILL_BYTES]! + most > this.#maxBytes) {
        return NO_ROOM;
      }
      if (evictions++ === EVICTIONS_A_SECTION) return MORE;
      if (!this.evict(key)) return NO_ROOM;
    }
  }

  #killRemoved(slot: number): void {
    this.#counts[ENTRIES]! -= 1;
    this.index.unlink(slot);
    this.bury(slot);
  }

  #free(slot: number): void {
    this.#places.give(this.#slots.read(slot, CHAIN));
    this.pool.give(slot);
  }
}
