/**
 * The audit of a shared cache.
 *
 * @module
 */
import { auditEqual, auditThat } from "./audit.ts";
import { ENTRIES, FILL_BYTES, FILLS, LIMBO_BYTES, LIVE } from "./memory_counts.ts";
import type { SharedStore } from "./shared_store.ts";
import { CHAIN, DEAD, FILLING, FREE, LOST, READY, STATE, VERSION, WEIGHT } from "./slot_words.ts";

/** What a walk over the slots adds up. */
interface Tally {
  readonly states: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Recomputes every sum and link of a memory, inside the monitor. A poisoned one is let be.
 *
 * @throws {Error} naming the first thing that is not as it should be; the memory is not poisoned
 * by that.
 */
export function auditStore(store: SharedStore): void {
  const fault = store.views.monitor.run(() => {
    try {
      store.views.writes.audit();
      const tally = auditSlots(store);
      auditIndex(store, tally);
      auditLists(store, tally);
      auditPolicy(store, tally);
      auditMemory(store, tally);
      return undefined;
    } catch (error) {
      return error;
    }
  }, undefined);
  if (fault !== undefined) throw fault;
}

function auditSlots({ room: { pool }, views: { slots, counts, sums } }: SharedStore): Tally {
  const states = new Int32Array(DEAD + 1);
  const weights = new Float64Array(DEAD + 1);
  for (let slot = 0; slot < pool.used; slot++) {
    const state = slots.read(slot, STATE);
    auditThat(state >= FREE && state <= DEAD, `slot ${slot} has state ${state}`);
    states[state]! += 1;
    weights[state]! += slots.figure(slot, WEIGHT);
  }
  auditEqual(counts[LIVE], pool.used - states[FREE]!, "the number of slots in use");
  auditEqual(counts[ENTRIES], states[READY], "the number of entries");
  auditEqual(counts[FILLS], states[FILLING], "the number of fills");
  auditEqual(sums[LIMBO_BYTES], weights[DEAD], "the weight of the limbo");
  auditEqual(sums[FILL_BYTES], weights[FILLING]! + weights[LOST]!, "the weight of the fills");
  return { states, weights };
}

/** Every slot that can be found is linked once, in its chain, and nothing of a barred object is. */
function auditIndex(store: SharedStore, { states }: Tally): void {
  const { room: { index }, views: { slots } } = store;
  index.audit();
  const linked = states[FILLING]! + states[READY]!;
  let found = 0;
  index.walk((slot) => {
    found += 1;
    auditThat(found <= linked, "the index has too many slots, or a ring");
    const state = slots.read(slot, STATE);
    auditThat(state === FILLING || state === READY, `slot ${slot} is linked in state ${state}`);
    auditThat(index.isLinked(slot), `slot ${slot} is not in its chain`);
    const key = index.keyOf(slot);
    auditEqual(index.find(key, state), slot, `the slot of ${key.object}`);
    if (state === READY) auditVersion(store, slot);
    auditThat(!store.views.writes.bars(key), `${key.object} is held beside a write`);
  });
  auditEqual(found, linked, "the number of slots in the index");
}

/** No other version of its object stands beside a slot. */
function auditVersion({ room: { index }, views: { slots } }: SharedStore, slot: number): void {
  const version = slots.read(slot, VERSION);
  const key = index.keyOf(slot);
  if (version === 0) return;
  index.visit(key, (other) => {
    if (slots.read(other, STATE) !== READY) return;
    const its = slots.read(other, VERSION);
    auditThat(its === 0 || its === version, `two versions of ${key.object} are held`);
  });
}

/** Dead and free slots are in their lists. */
function auditLists(
  { room: { limbo, pool }, views: { slots } }: SharedStore,
  { states }: Tally,
): void {
  const walk = (state: number, list: { walk(visit: (slot: number) => void): void }): void => {
    let listed = 0;
    list.walk((slot) => {
      listed += 1;
      auditThat(listed <= states[state]!, `the list of state ${state} is too long, or a ring`);
      auditEqual(slots.read(slot, STATE), state, `the state of slot ${slot}`);
    });
    auditEqual(listed, states[state], `the length of the list of state ${state}`);
  };
  walk(DEAD, limbo);
  walk(FREE, pool);
}

function auditPolicy({ views: { slots, policy } }: SharedStore, { states, weights }: Tally): void {
  const held = new Set<number>();
  policy.audit((slot, weight) => {
    auditThat(!held.has(slot), `slot ${slot} is held twice by the policy`);
    held.add(slot);
    auditEqual(slots.read(slot, STATE), READY, `the state of slot ${slot}, which the policy holds`);
    auditEqual(weight, slots.figure(slot, WEIGHT), `the weight of slot ${slot}`);
  });
  auditEqual(policy.entries, held.size, "the number of slots of the policy");
  auditEqual(states[READY], held.size, "the number of entries the policy holds");
  auditEqual(policy.weight, weights[READY], "the weight of the policy");
}

/** Every cell and every chain belongs to the slot that names it, which has the weight of it. */
function auditPlaces({ room, views: { slots, places, arena } }: SharedStore): void {
  const live: number[] = [];
  for (let slot = 0; slot < room.pool.used; slot++) {
    if (slots.read(slot, STATE) !== FREE) live.push(slot);
  }
  let taken = places.audit(live.map((slot) => slots.read(slot, CHAIN)));
  arena.audit((address, owner) => {
    taken += 1;
    auditThat(slots.read(owner, STATE) !== FREE, `free slot ${owner} has memory`);
    auditEqual(slots.read(owner, CHAIN), address, `the memory of slot ${owner}`);
  });
  auditEqual(taken, live.length, "the number of slots with memory");
  for (const slot of live) {
    auditEqual(slots.figure(slot, WEIGHT), room.weigh(slot), `the weight of slot ${slot}`);
  }
}

/** All is within bounds. */
function auditMemory(store: SharedStore, { states, weights }: Tally): void {
  const { memory: { limits } } = store.views;
  auditPlaces(store);
  const weight = weights.reduce((sum, part, state) => state === FREE ? sum : sum + part, 0);
  auditEqual(store.room.heldBytes, weight, "the bytes held");
  auditThat(store.room.heldBytes <= limits.maxBytes, "more bytes are held than permitted");
  auditThat(states[READY]! <= limits.maxEntries, "more entries are held than permitted");
}
