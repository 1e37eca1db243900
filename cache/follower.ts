/**
 * Reads an entry of shared memory while it is filled.
 *
 * Invariants:
 * - A follower pins its slot from its construction to its release, so that the words of the fill
 *   stay as they were when it ended, and no byte changes.
 * - It loads the events, then the phase, then the progress, and waits only if the events are still
 *   those: whatever happens after a look ends the wait. Bytes below the progress are all there.
 * - It writes nothing but its pin, and raises the events to end its own wait.
 * - A worker that dies leaves the pins of its followers. If it filled, who voids it ends the fill.
 *
 * @module
 */
import type { RecordCodec } from "./cache.ts";
import { AbortedFill, type FillHead, type Follower } from "./fill.ts";
import { ChainCursor } from "./chain_cursor.ts";
import type { CacheViews } from "./memory.ts";
import type { PinHolder } from "./pin_holder.ts";
import {
  ABORTED,
  CHAIN,
  CODE,
  ENDED,
  EVENTS,
  KEY_BYTES,
  PHASE,
  PROGRESS,
  RECORD_BYTES,
  SIZE,
  WAITING,
} from "./slot_words.ts";

/** The longest time that a timer takes, in milliseconds. */
const LONG_MS = 2_147_483_647;

/** What a follower reads, and how. */
export interface Followed<R> {
  /** The memory. */
  readonly views: CacheViews;
  /** Hold the slot: pinned once for this follower. */
  readonly pins: PinHolder;
  /** Decodes the record. */
  readonly codec: RecordCodec<R>;
  /** The slot of the fill. */
  readonly slot: number;
  /** The slot's generation. */
  readonly generation: number;
}

/** Follows one fill. */
export class SharedFollower<R> implements Follower<R> {
  readonly #followed: Followed<R>;
  #body: ChainCursor | undefined;
  #start = 0;
  #waits = 0;
  #released = false;

  /** @param followed Pinned once for this follower. */
  constructor(followed: Followed<R>) {
    this.#followed = followed;
  }

  /** Waits for the announcement, or the end. */
  async head(): Promise<FillHead<R>> {
    const { views: { slots, arena }, slot, codec } = this.#followed;
    for (;;) {
      this.#holdPinned();
      const events = slots.load(slot, EVENTS);
      const phase = slots.load(slot, PHASE);
      if (phase === ABORTED) return { kind: "aborted", code: slots.load(slot, CODE) };
      if (phase === WAITING) {
        await this.#event(events);
        continue;
      }
      const cursor = new ChainCursor(
        arena.extents,
        slots.read(slot, CHAIN),
        slots.read(slot, KEY_BYTES),
      );
      const record = codec.decode(cursor.read(slots.read(slot, RECORD_BYTES)));
      const size = slots.figure(slot, SIZE);
      return { kind: "begun", record, size: size < 0 ? undefined : size };
    }
  }

  /** The next bytes, at once if they are there. */
  read(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const { views: { slots }, slot } = this.#followed;
    this.#holdPinned();
    const events = slots.load(slot, EVENTS);
    const phase = slots.load(slot, PHASE);
    if (phase === ABORTED) throw new AbortedFill(slots.load(slot, CODE));
    if (phase !== WAITING) {
      const body = this.#body ??= this.#bodyCursor();
      const end = this.#start + (slots.load(slot, PROGRESS) >>> 0);
      if (end > body.position) return body.next(end);
      if (phase === ENDED) return undefined;
    }
    return this.#event(events).then(() => this.read());
  }

  /** Ends the reading. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { views: { slots }, pins, slot, generation } = this.#followed;
    if (this.#waits > 0) slots.signal(slot);
    pins.release(slot, generation);
  }

  #bodyCursor(): ChainCursor {
    const { views: { slots, arena }, slot } = this.#followed;
    this.#start = slots.read(slot, KEY_BYTES) + slots.read(slot, RECORD_BYTES);
    return new ChainCursor(arena.extents, slots.read(slot, CHAIN), this.#start);
  }

  /** Waits for another event than those seen. A wait alone would not keep the isolate alive. */
  async #event(events: number): Promise<void> {
    const { views: { slots }, slot } = this.#followed;
    const event = slots.wait(slot, events);
    if (event === undefined) return;
    const alive = setTimeout(() => {}, LONG_MS);
    this.#waits += 1;
    try {
      await event;
    } finally {
      this.#waits -= 1;
      clearTimeout(alive);
    }
  }

  #holdPinned(): void {
    if (this.#released) throw new Error("The follower is released");
  }
}
