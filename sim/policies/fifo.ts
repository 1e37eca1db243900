/**
 * First in, first out.
 *
 * @module
 */
import type { Policy } from "@s3-edge-cache/cache";
import { NONE, SlotList } from "./slot_list.ts";

/** Lets go of what came first; a use changes nothing. What other policies of one list begin with. */
export class Fifo implements Policy {
  /** The slots in the order in which they came. */
  protected readonly list: SlotList;

  /** A policy over slots below `slots`. */
  constructor(slots: number) {
    this.list = new SlotList(slots);
  }

  /** Slots held. */
  get entries(): number {
    return this.list.entries;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.list.weight;
  }

  /** Nothing. */
  access(_slot: number): void {}

  /** Makes a slot the newest. */
  insert(slot: number, weight: number, _high: number, _low: number): void {
    this.list.push(slot, weight);
  }

  /** Takes a slot out. */
  remove(slot: number): void {
    this.list.remove(slot);
  }

  /** Takes the oldest out. */
  evict(_high: number, _low: number): number {
    const slot = this.list.oldest;
    if (slot !== NONE) this.list.remove(slot);
    return slot;
  }

  /** Audits the list. */
  audit(visit: (slot: number, weight: number) => void): void {
    this.list.audit(visit);
  }
}
