/**
 * A list of slots in order.
 *
 * @module
 */

/** What stands for no slot. */
export const NONE = -1;

/**
 * Slots from the oldest to the newest, linked both ways in flat arrays: every step takes constant
 * time.
 */
export class SlotList {
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  readonly #weights: Float64Array;
  #oldest = NONE;
  #newest = NONE;
  #entries = 0;
  #weight = 0;

  /** A list that may hold slots below `slots`. */
  constructor(slots: number) {
    this.#older = new Int32Array(slots);
    this.#newer = new Int32Array(slots);
    this.#weights = new Float64Array(slots);
  }

  /** Slots in it. */
  get entries(): number {
    return this.#entries;
  }

  /** Sum of their weights. */
  get weight(): number {
    return this.#weight;
  }

  /** The oldest, or {@linkcode NONE}. */
  get oldest(): number {
    return this.#oldest;
  }

  /** The one that came after a slot, or {@linkcode NONE}. */
  newerThan(slot: number): number {
    return this.#newer[slot]!;
  }

  /** Weight of a slot that is in it. */
  weightOf(slot: number): number {
    return this.#weights[slot]!;
  }

  /** Adds a slot, that is not in it, as the newest. */
  push(slot: number, weight: number): void {
    this.#weights[slot] = weight;
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
    this.#entries += 1;
    this.#weight += weight;
  }

  /** Takes out a slot that is in it; its weight. */
  remove(slot: number): number {
    const [older, newer] = [this.#older[slot]!, this.#newer[slot]!];
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    const weight = this.#weights[slot]!;
    this.#entries -= 1;
    this.#weight -= weight;
    return weight;
  }

  /** Makes a slot that is in it the newest. */
  renew(slot: number): void {
    if (slot !== this.#newest) this.push(slot, this.remove(slot));
  }

  /**
   * Walks from the oldest to the newest, and recomputes the sums.
   *
   * @throws {Error} naming the first thing that is not as it should be.
   */
  audit(visit: (slot: number, weight: number) => void): void {
    let [entries, weight, older] = [0, 0, NONE];
    for (let slot = this.#oldest; slot !== NONE; slot = this.#newer[slot]!) {
      if (this.#older[slot] !== older) throw new Error(`Slot ${slot} is not linked both ways`);
      entries += 1;
      weight += this.#weights[slot]!;
      older = slot;
      visit(slot, this.#weights[slot]!);
      if (entries > this.#entries) break;
    }
    if (entries !== this.#entries || weight !== this.#weight || older !== this.#newest) {
      throw new Error(`A list of ${this.#entries} slots has ${entries}`);
    }
  }
}
