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
import { PinHolder } from "./pin_holder.ts";
import { SharedLease } from "./shared_lease.ts";
import { SharedStore } from "./shared_store.ts";
import {
  CHAIN,
  EXPIRES_AT,
  FILLING,
  GENERATION,
  KEY_BYTES,
  READY,
  RECORD_BYTES,
  SIZE,
  STATE,
  STORED_AT,
} from "./slots.ts";

/** A longer key is not kept: it must lie in one extent. */
const MOST_KEY_BYTES = 16_384;

/** A slot that was found or taken inside the monitor; but for "lead", it is pinned. */
export interface Settled {
  /** What it is good for. */
  readonly kind: "hit" | "follow" | "lead";
  /** The slot. */
  readonly slot: number;
  /** Its generation. */
  readonly generation: number;
}

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

  /** The entry at an address, pinned, if this worker knows it and it still lives. */
  pinKnown(object: string, variant: string, now: number): KnownEntry<R> | undefined {
    const { known, pins, store: { views } } = this;
    const entry = known.get(object, variant);
    if (entry === undefined || views.monitor.poisoned) return undefined;
    if (pins.tryAdd(entry.slot, entry.generation)) {
      if (now < entry.expiresAt) {
        views.policy.access(entry.slot);
        return entry;
      }
      pins.release(entry.slot, entry.generation);
    }
    known.delete(object, variant);
    return undefined;
  }

  /** Finds an entry, joins its fill, or begins one. Inside the monitor. */
  settle(key: EntryKey, now: number): Settled | undefined {
    const hit = this.find(key, now);
    if (hit !== undefined) return hit;
    const { store, pins } = this;
    const { slots, open, writes } = store.views;
    let slot = store.room.index.find(key);
    let kind: Settled["kind"] = "follow";
    if (slot >= 0) pins.add(slot);
    else {
      if (Atomics.load(open, 0) === 0 || key.bytes > MOST_KEY_BYTES || writes.bars(key)) {
        return undefined;
      }
      kind = "lead";
      slot = store.lead(key, this.pins.worker);
      if (slot < 0) return undefined;
    }
    return { kind, slot, generation: slots.read(slot, GENERATION) };
  }

  /** Finds and pins an entry that lives; one that has expired is killed. Inside the monitor. */
  find(key: EntryKey, now: number): Settled | undefined {
    const { store, pins } = this;
    const { slots, policy } = store.views;
    const slot = store.room.index.find(key);
    if (slot < 0 || slots.read(slot, STATE) === FILLING) return undefined;
    if (now >= slots.figure(slot, EXPIRES_AT)) {
      store.room.kill(slot);
      return undefined;
    }
    pins.add(slot);
    policy.access(slot);
    return { kind: "hit", slot, generation: slots.read(slot, GENERATION) };
  }

  /** A lease of a slot that is pinned, which this worker from now on knows. */
  lease(key: EntryKey, { slot, generation }: Settled): SharedLease<R> {
    const { known, pins, codec, store: { views: { slots, arena } } } = this;
    const keyBytes = slots.read(slot, KEY_BYTES);
    const recordBytes = slots.read(slot, RECORD_BYTES);
    const size = slots.figure(slot, SIZE);
    const cursor = new ChainCursor(arena.extents, slots.read(slot, CHAIN), keyBytes);
    try {
      const entry: KnownEntry<R> = {
        object: key.object,
        variant: key.variant,
        slot,
        generation,
        record: codec.decode(cursor.read(recordBytes)),
        recordBytes,
        size,
        storedAt: slots.figure(slot, STORED_AT),
        expiresAt: slots.figure(slot, EXPIRES_AT),
        views: cursor.rest(keyBytes + recordBytes + size),
      };
      known.add(entry);
      return new SharedLease(pins, entry);
    } catch (error) {
      pins.release(slot, generation);
      throw error;
    }
  }

  /** Drops an entry. Inside the monitor. */
  drop(key: EntryKey): void {
    const { room, views } = this.store;
    const slot = room.index.find(key);
    if (slot >= 0 && views.slots.read(slot, STATE) === READY) room.kill(slot);
  }
}
