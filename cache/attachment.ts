/**
 * One worker in one memory.
 *
 * @module
 */
import type { RecordCodec } from "./cache.ts";
import { ChainCursor } from "./chain_cursor.ts";
import type { EntryKey } from "./entry_key.ts";
import { type KnownEntry, LocalMap } from "./local_map.ts";
import { type CacheMemory, cacheViews } from "./memory.ts";
import type { Located } from "./located.ts";
import * as memoryCounts from "./memory_counts.ts";
import { PinHolder } from "./pin_holder.ts";
import { SharedLease } from "./shared_lease.ts";
import { NO_ROOM } from "./room.ts";
import { SharedStore } from "./shared_store.ts";
import * as slotWords from "./slot_words.ts";

const { ENTRIES } = memoryCounts;
const { CHAIN, EXPIRES_AT, FILLING, GENERATION, KEY_BYTES, READY, RECORD_BYTES, SIZE, STORED_AT } =
  slotWords;

/** A longer key is not kept: it must lie in one extent. */
const MOST_KEY_BYTES = 16_384;

/** An entry that is pinned, and its times when that was done. */
export interface Pinned extends Located {
  /** When it was admitted or renewed last. */
  readonly storedAt: number;
  /** From when on it is stale. */
  readonly expiresAt: number;
}

/** The slot of a fill. */
export interface LedSlot {
  /** Whether another leads it; then it is pinned. */
  readonly kind: "follow" | "lead";
  /** The slot. */
  readonly filling: Located;
  /** The stale entry that the fill may replace. */
  readonly stale: Pinned | undefined;
}

/** What was found or taken inside the monitor. */
export type Settled = { readonly kind: "hit"; readonly held: Pinned } | LedSlot;

/** Finds, pins and leads slots for one worker. */
export class Attachment<R> {
  /** The shared state. */
  readonly store: SharedStore;
  /** The worker's pins. */
  readonly pins: PinHolder;
  /** What the worker remembers. */
  readonly known: LocalMap<R> = new LocalMap();
  /** Turns records into bytes and back. */
  readonly codec: RecordCodec<R>;

  /** Attaches a worker to a memory. */
  constructor(memory: CacheMemory, worker: number, codec: RecordCodec<R>) {
    const views = cacheViews(memory, worker);
    this.store = new SharedStore(views);
    this.pins = new PinHolder(worker, views.pins, views.ownWords(worker));
    this.codec = codec;
  }

  /**
   * The entry at an address, pinned, if this worker knows it as it is now: alive, and not renewed by
   * another. The times are read without the monitor; one that is being renewed is looked up anew.
   */
  pinKnown(object: string, variant: string, now: number): KnownEntry<R> | undefined {
    const { known, pins, store: { views } } = this;
    const entry = known.get(object, variant);
    if (entry === undefined || views.monitor.poisoned) return undefined;
    if (pins.tryAdd(entry.slot, entry.generation)) {
      if (now < entry.expiresAt && views.slots.figure(entry.slot, STORED_AT) === entry.storedAt) {
        views.policy.access(entry.slot);
        return entry;
      }
      pins.release(entry.slot, entry.generation);
    }
    known.delete(object, variant);
    return undefined;
  }

  /**
   * Finds an entry, joins its fill, or begins one. Inside the monitor.
   *
   * @param absent Whether an entry that is not held is filled.
   * @returns `undefined` if there is nothing to be done.
   */
  settle(key: EntryKey, now: number, absent: boolean): Settled | "absent" | undefined {
    const { store, pins } = this;
    const { slots, open, writes } = store.views;
    const held = this.find(key);
    if (held !== undefined && now < held.expiresAt) return { kind: "hit", held };
    if (held === undefined && !absent) return "absent";
    const running = store.room.index.find(key, FILLING);
    if (running >= 0) {
      pins.add(running);
      const filling = { slot: running, generation: slots.read(running, GENERATION) };
      return { kind: "follow", filling, stale: held };
    }
    const barred = Atomics.load(open, 0) === 0 || key.bytes > MOST_KEY_BYTES || writes.bars(key);
    const slot = barred ? NO_ROOM : store.lead(key, pins.worker);
    if (slot < 0) {
      if (held !== undefined) pins.release(held.slot, held.generation);
      return undefined;
    }
    const filling = { slot, generation: slots.read(slot, GENERATION) };
    return { kind: "lead", filling, stale: held };
  }

  /** Finds and pins an entry. Inside the monitor. */
  find(key: EntryKey): Pinned | undefined {
    const { store, pins } = this;
    const { slots, policy } = store.views;
    const slot = store.room.index.find(key, READY);
    if (slot < 0) return undefined;
    pins.add(slot);
    policy.access(slot);
    return {
      slot,
      generation: slots.read(slot, GENERATION),
      storedAt: slots.figure(slot, STORED_AT),
      expiresAt: slots.figure(slot, EXPIRES_AT),
    };
  }

  /** Finds and pins an entry that is fresh. Inside the monitor. */
  findFresh(key: EntryKey, now: number): Pinned | undefined {
    const found = this.find(key);
    if (found === undefined || now < found.expiresAt) return found;
    this.pins.release(found.slot, found.generation);
    return undefined;
  }

  /** A lease of an entry that is pinned, which this worker from now on knows. */
  lease(key: EntryKey, pinned: Pinned): SharedLease<R> {
    const entry = this.#read(key, pinned);
    this.known.add(entry, this.store.views.counts[ENTRIES]!);
    return new SharedLease(this.pins, entry);
  }

  /** A lease of an entry that is pinned, and not good enough to be remembered. */
  staleLease(key: EntryKey, pinned: Pinned): SharedLease<R> {
    return new SharedLease(this.pins, this.#read(key, pinned));
  }

  /** Drops an entry. Inside the monitor. */
  drop(key: EntryKey, storedAt?: number): boolean {
    const { room, views: { slots } } = this.store;
    const slot = room.index.find(key, READY);
    if (slot < 0) return false;
    if (storedAt !== undefined && slots.figure(slot, STORED_AT) !== storedAt) return false;
    room.kill(slot);
    return true;
  }

  /** Reads what is stored of a slot that is pinned; takes the pin back if it can't be read. */
  #read({ object, variant }: EntryKey, pinned: Pinned): KnownEntry<R> {
    const { slots, arena } = this.store.views;
    const { slot, generation } = pinned;
    const keyBytes = slots.read(slot, KEY_BYTES);
    const recordBytes = slots.read(slot, RECORD_BYTES);
    const size = slots.figure(slot, SIZE);
    const cursor = new ChainCursor(arena.extents, slots.read(slot, CHAIN), keyBytes);
    try {
      const record = this.codec.decode(cursor.read(recordBytes));
      const views = cursor.rest(keyBytes + recordBytes + size);
      return { ...pinned, object, variant, record, recordBytes, size, views };
    } catch (error) {
      this.pins.release(slot, generation);
      throw error;
    }
  }
}
