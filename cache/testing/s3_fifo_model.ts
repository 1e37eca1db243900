/**
 * S3-FIFO once more, slow and obvious: arrays, oldest first.
 *
 * @module
 */
import type { PolicyCapacity } from "../policy.ts";

/** What the model knows of an entry. */
export interface ModelItem {
  readonly slot: number;
  readonly weight: number;
  readonly key: string;
  uses: number;
}

/** The policy of Algorithm 1, one victim a call. */
export class S3FifoModel {
  readonly #capacity: PolicyCapacity;
  small: ModelItem[] = [];
  main: ModelItem[] = [];
  /** Keys pushed, oldest first; `undefined` where one was taken. */
  ghost: (string | undefined)[] = [];

  constructor(capacity: PolicyCapacity) {
    this.#capacity = capacity;
  }

  get items(): ModelItem[] {
    return [...this.small, ...this.main];
  }

  access(slot: number): void {
    const item = this.items.find((item) => item.slot === slot)!;
    item.uses = Math.min(item.uses + 1, 3);
  }

  insert(slot: number, weight: number, key: string): void {
    const item = { slot, weight, key, uses: 0 };
    if (this.#forget(key)) this.main.push(item);
    else this.small.push(item);
  }

  remove(slot: number): void {
    this.small = this.small.filter((item) => item.slot !== slot);
    this.main = this.main.filter((item) => item.slot !== slot);
  }

  evict(): number {
    const bytes = this.small.reduce((sum, item) => sum + item.weight, 0);
    const over = bytes >= this.#capacity.bytes * 0.1 ||
      this.small.length >= this.#capacity.entries * 0.1;
    return (over || this.main.length === 0 ? this.#evictSmall() : undefined) ??
      this.#evictMain() ?? -1;
  }

  #evictSmall(): number | undefined {
    const held = this.items.length;
    while (this.small.length > 0) {
      const oldest = this.small.shift()!;
      if (oldest.uses > 1) {
        this.main.push({ ...oldest, uses: 0 });
      } else {
        this.#remember(oldest.key, held);
        return oldest.slot;
      }
    }
    return undefined;
  }

  #evictMain(): number | undefined {
    while (this.main.length > 0) {
      const oldest = this.main.shift()!;
      if (oldest.uses === 0) return oldest.slot;
      this.main.push({ ...oldest, uses: oldest.uses - 1 });
    }
    return undefined;
  }

  #remember(key: string, held: number): void {
    this.#forget(key);
    this.ghost.push(key);
    const length = Math.min(Math.ceil(held * 0.9), Math.ceil(this.#capacity.entries * 0.9));
    this.ghost = this.ghost.slice(-length);
  }

  #forget(key: string): boolean {
    const at = this.ghost.indexOf(key);
    if (at < 0) return false;
    this.ghost[at] = undefined;
    return true;
  }
}
