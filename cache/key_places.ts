/**
 * Where the keys of slots lie.
 *
 * Invariants:
 * - The *place* of a slot's key is the address of the slot's memory in the arena, which begins with
 *   the key; or, of a fill that waits, that of a cell, which is all the memory that it has. Which
 *   of the two it is, the address tells, and nobody but this module asks.
 * - A key lies in one piece: in the first extent of its memory, or in its cell.
 * - Places are taken, given back and weighed inside the monitor.
 *
 * @module
 */
import type { Arena } from "./arena.ts";
import type { Extents } from "./block_extents.ts";
import type { WaitingKeys } from "./waiting_keys.ts";

/** Takes places for keys, finds the keys in them, and gives them back. */
export class KeyPlaces {
  readonly #arena: Arena;
  readonly #extents: Extents;
  readonly #waiting: WaitingKeys;

  /**
   * Puts two memories together.
   *
   * @param arena Keys, records and bodies.
   * @param waiting Keys of fills that wait.
   */
  constructor(arena: Arena, waiting: WaitingKeys) {
    this.#arena = arena;
    this.#extents = arena.extents;
    this.#waiting = waiting;
  }

  /**
   * Takes a place for the key of a fill that waits: a cell if there is one, else memory.
   *
   * @param bytes Length of the key.
   * @param owner The slot.
   * @returns The place, or -1.
   */
  take(bytes: number, owner: number): number {
    const cell = this.#waiting.take(bytes);
    return cell === -1 ? this.#arena.allocate(bytes, owner) : cell;
  }

  /** Takes a place back, and all memory that begins with it. */
  give(place: number): void {
    if (isCell(place)) this.#waiting.give(place);
    else this.#arena.free(place);
  }

  /** Bytes of the arena that are taken together with a place. */
  weigh(place: number): number {
    return isCell(place) ? 0 : this.#arena.bytesOf(place);
  }

  /** The bytes that a place is in. */
  bytes(place: number): Uint8Array<SharedArrayBuffer> {
    return isCell(place) ? this.#waiting.bytes : this.#extents.bytes[this.#extents.segment(place)]!;
  }

  /** Where in them the key begins. */
  offset(place: number): number {
    return isCell(place) ? this.#waiting.offset(place) : this.#extents.offset(place);
  }

  /**
   * Holds the cells that are taken against those that are free.
   *
   * @param places Of all slots that are in use.
   * @returns How many of them are cells.
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(places: readonly number[]): number {
    const cells = places.filter(isCell);
    this.#waiting.audit(cells);
    return cells.length;
  }
}

/** Whether a place is a cell: no address of the arena is below 0. */
function isCell(place: number): boolean {
  return place < 0;
}
