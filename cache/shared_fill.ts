/**
 * A fill of a shared cache.
 *
 * Invariants:
 * - Its slot is filling or lost until its end, and nobody else ends it while its worker lives: so
 *   its memory is its own, and it writes record and bytes outside the monitor.
 * - Record, lengths and bytes are written before the phase or the progress that publishes them is
 *   stored. The phase of its end is stored inside the monitor, before the slot may be given away;
 *   in a poisoned memory, where nothing is given away any more, outside.
 * - A worker that dies leaves the slot as it is. Who voids the worker aborts the fill.
 *
 * @module
 */
import { type AbortCode, type Fill, FILL_GIVEN_UP, FILL_REFUSED, FILL_RENEWED } from "./fill.ts";
import type { Attachment, LedSlot } from "./attachment.ts";
import type { Located } from "./located.ts";
import { ChainCursor, VIEW_BYTES } from "./chain_cursor.ts";
import type { EntryKey } from "./entry_key.ts";
import { SharedFollower } from "./follower.ts";
import * as roomModule from "./room.ts";
import * as slotWords from "./slot_words.ts";

const { MORE, NO_ROOM } = roomModule;
const { ABORTED, BEGUN, CHAIN, CODE, ENDED, PHASE, PROGRESS, RECORD_BYTES, SIZE, VERSION } =
  slotWords;

interface Announced {
  readonly size: number | undefined;
  /** Position of the body in the slot's memory. */
  readonly start: number;
  readonly cursor: ChainCursor;
}

/** The longest body: its progress is a word. */
const MOST_BODY_BYTES = 2 ** 32 - 1;

/** The first memory for a body of unknown size. */
const FIRST_BLOCK_BYTES = 4_096;

/** Fills one slot. */
export class SharedFill<R> implements Fill<R> {
  readonly #home: Attachment<R>;
  readonly #key: EntryKey;
  readonly #slot: number;
  readonly #generation: number;
  readonly #stale: Located | undefined;
  #announced: Announced | undefined;
  #capacity = 0;
  #ended = false;

  /**
   * A fill whose slot this worker was just given.
   *
   * @param home The worker.
   * @param key The address.
   * @param led The slot, and the stale entry at the address.
   */
  constructor(home: Attachment<R>, key: EntryKey, led: LedSlot) {
    this.#home = home;
    this.#key = key;
    this.#slot = led.filling.slot;
    this.#generation = led.filling.generation;
    this.#stale = led.stale;
  }

  /** Reads along. */
  follow(): SharedFollower<R> {
    if (this.#ended) throw new Error("The fill has ended");
    const { store: { views }, pins, codec } = this.#home;
    pins.add(this.#slot);
    const [slot, generation] = [this.#slot, this.#generation];
    return new SharedFollower({ views, pins, codec, slot, generation });
  }

  /** Announces the entry, and takes memory for it as far as its size is known. */
  begin(record: R, size: number | undefined, version: number = 0): boolean {
    if (this.#ended) return false;
    if (this.#announced !== undefined) throw new Error("The fill has begun already");
    if (size !== undefined && (!Number.isSafeInteger(size) || size < 0)) {
      throw new RangeError(`The size must be an integer of at least 0, is ${size}`);
    }
    const { store, codec } = this.#home;
    const { slots, arena } = store.views;
    const encoded = codec.encode(record);
    const start = this.#key.bytes + encoded.length;
    const bytes = size ?? Math.min(FIRST_BLOCK_BYTES, this.#mostBytes);
    const announce = () => store.announce(this.#slot, this.#key, start + bytes);
    if (bytes > this.#mostBytes || !this.#inParts(announce)) return this.#end(FILL_REFUSED);
    const cursor = new ChainCursor(arena.extents, slots.read(this.#slot, CHAIN), this.#key.bytes);
    cursor.write(encoded);
    slots.write(this.#slot, RECORD_BYTES, encoded.length);
    slots.write(this.#slot, VERSION, version);
    slots.setFigure(this.#slot, SIZE, size ?? -1);
    slots.store(this.#slot, PHASE, BEGUN);
    this.#tell();
    this.#announced = { size, start, cursor };
    this.#capacity = bytes;
    return true;
  }

  /** Copies bytes into the body. */
  write(chunk: Uint8Array): boolean {
    return this.#land(chunk.length, chunk);
  }

  /** Where the next bytes go. */
  room(): Uint8Array | undefined {
    if (this.#ended) return undefined;
    const { size, start, cursor } = this.#holdAnnounced();
    const end = start + (size ?? 0);
    return cursor.position < end ? cursor.room(end) : undefined;
  }

  /** Counts bytes as landed. */
  skip(bytes: number): boolean {
    return this.#land(bytes, undefined);
  }

  /** Whether anybody reads along. */
  get followed(): boolean {
    return !this.#ended && this.#home.store.views.pins.sum(this.#slot) > 0;
  }

  /** Admits the entry. */
  commit(now: number): boolean {
    if (this.#ended) return false;
    return this.#endWell(() => this.#home.store.admit(this.#slot, this.#key, now, this.#stale));
  }

  /** Renews the stale entry. */
  renew(now: number): boolean {
    if (this.#stale === undefined) throw new Error("The fill was led without a stale entry");
    if (this.#ended) return false;
    const { store } = this.#home;
    const { slot, generation } = this.#stale;
    const renewed = store.views.monitor.run(() => store.renew(slot, generation, now), false);
    this.#end(FILL_RENEWED);
    return renewed;
  }

  /** Ends the body without an entry. */
  finish(): void {
    if (this.#ended) return;
    this.#endWell(() => {
      this.#home.store.endFill(this.#slot);
      return false;
    });
  }

  /** Breaks the fill off. */
  abort(code: AbortCode = FILL_GIVEN_UP): void {
    if (!this.#ended) this.#end(code);
  }

  /** Takes the next bytes of the body, which nobody writes if there is no chunk of them. */
  #land(bytes: number, chunk: Uint8Array | undefined): boolean {
    if (this.#ended) return false;
    const { size, start, cursor } = this.#holdAnnounced();
    const landed = cursor.position - start + bytes;
    if (size !== undefined && landed > size) return this.#end(FILL_GIVEN_UP);
    if (landed > this.#mostBytes || (landed > this.#capacity && !this.#grow(landed))) {
      return this.#end(FILL_REFUSED);
    }
    if (bytes === 0) return true;
    if (chunk === undefined) cursor.skip(bytes);
    else cursor.write(chunk);
    const { slots } = this.#home.store.views;
    slots.store(this.#slot, PROGRESS, landed);
    this.#tell();
    return true;
  }

  get #mostBytes(): number {
    return Math.min(this.#home.store.views.memory.limits.maxObjectBytes, MOST_BODY_BYTES);
  }

  /** Ends the fill as complete, if it is; `settle` says inside the monitor what becomes of it. */
  #endWell(settle: () => boolean): boolean {
    const { size, start, cursor } = this.#holdAnnounced();
    const landed = cursor.position - start;
    if (size !== undefined && size !== landed) return this.#end(FILL_GIVEN_UP);
    const { store } = this.#home;
    const { slots, monitor } = store.views;
    const finish = (): void => {
      slots.setFigure(this.#slot, SIZE, landed);
      slots.store(this.#slot, PHASE, ENDED);
    };
    const admitted = monitor.run(() => {
      if (size === undefined) store.truncate(this.#slot, start + landed);
      finish();
      return settle();
    }, undefined);
    if (admitted === undefined) finish();
    this.#tell();
    this.#leave();
    return admitted === true;
  }

  #holdAnnounced(): Announced {
    if (this.#announced === undefined) throw new Error("The fill has not begun");
    return this.#announced;
  }

  /** Takes memory for a body of `landed` bytes or more, whose size is not known. */
  #grow(landed: number): boolean {
    const { cursor } = this.#holdAnnounced();
    const usual = Math.min(VIEW_BYTES, Math.max(FIRST_BLOCK_BYTES, this.#capacity));
    const capacity = Math.min(Math.max(landed, this.#capacity + usual), this.#mostBytes);
    const more = capacity - this.#capacity;
    const extend = () => this.#home.store.extend(this.#slot, this.#key, cursor.extent, more);
    if (!this.#inParts(extend)) return false;
    this.#capacity = capacity;
    return true;
  }

  /** Runs a section until it has succeeded or there is no room. */
  #inParts(section: () => number): boolean {
    const { monitor } = this.#home.store.views;
    let result: number;
    do result = monitor.run(section, NO_ROOM); while (result === MORE);
    return result !== NO_ROOM;
  }

  /** Ends the fill without an entry; `false`, for it does not go on. */
  #end(code: AbortCode): false {
    const { store } = this.#home;
    const { slots, monitor } = store.views;
    const finish = (): void => {
      slots.store(this.#slot, CODE, code);
      slots.store(this.#slot, PHASE, ABORTED);
    };
    const ended = monitor.run(() => {
      finish();
      store.endFill(this.#slot);
      return true;
    }, false);
    if (!ended) finish();
    this.#tell();
    this.#leave();
    return false;
  }

  /** Wakes who reads along; one who comes later sees what was stored before. */
  #tell(): void {
    const { pins, slots } = this.#home.store.views;
    if (pins.sum(this.#slot) > 0) slots.signal(this.#slot);
  }

  /** Lets go of what only a running fill needs, for its holder may keep it longer. */
  #leave(): void {
    this.#ended = true;
    this.#announced = undefined;
  }
}
