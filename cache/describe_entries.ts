/**
 * What is known of the entries of an object, for people.
 *
 * @module
 */
import { entryKey } from "./entry_key.ts";
import { policyViews } from "./policy_memory.ts";
import { QUEUE, ROW_WORDS } from "./slot_table.ts";
import type { SharedStore } from "./shared_store.ts";
import { EXPIRES_AT, FILLING, GENERATION, SIZE, STATE, STORED_AT, WEIGHT } from "./slot_words.ts";

/** An entry, or the fill of one. */
export interface EntryDescription {
  /** Which variant of its object. */
  readonly variant: string;
  /** Whether it can be found, or is being filled. */
  readonly state: "held" | "filling";
  /** Length of the body in bytes; -1 while it is not known. */
  readonly size: number;
  /** Bytes that it is charged with: key, record, body and bookkeeping. */
  readonly weight: number;
  /** When it was admitted, in milliseconds since the epoch; 0 for a fill. */
  readonly storedAt: number;
  /** From when on it is not served unasked; 0 for a fill. */
  readonly expiresAt: number;
  /** Uses that the policy remembers, up to its cap. */
  readonly frequency: number;
  /** The policy's queue that it is in; `none` for a fill. */
  readonly queue: "small" | "main" | "none";
  /** How often its slot was used before. */
  readonly generation: number;
}

/** Every entry of an object, and every fill that can be joined. */
export function describeEntries(store: SharedStore, object: string): EntryDescription[] {
  const key = entryKey(object, "");
  return store.views.monitor.run(() => {
    const { index } = store.room;
    const found: EntryDescription[] = [];
    index.visit(key, (slot) => void found.push(describe(store, slot)));
    return found;
  }, []);
}

function describe({ room, views: { slots, memory } }: SharedStore, slot: number): EntryDescription {
  const policy = policyViews(memory.policy);
  const isFilling = slots.read(slot, STATE) === FILLING;
  const queue = policy.table.words[slot * ROW_WORDS + QUEUE]!;
  return {
    variant: room.index.keyOf(slot).variant,
    state: isFilling ? "filling" : "held",
    size: slots.figure(slot, SIZE),
    weight: slots.figure(slot, WEIGHT),
    storedAt: isFilling ? 0 : slots.figure(slot, STORED_AT),
    expiresAt: isFilling ? 0 : slots.figure(slot, EXPIRES_AT),
    frequency: isFilling ? 0 : policy.uses[slot]!,
    queue: isFilling ? "none" : (queue & 1) === 1 ? "small" : "main",
    generation: slots.read(slot, GENERATION),
  };
}
