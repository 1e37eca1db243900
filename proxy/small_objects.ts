/**
 * Which objects are small enough to be fetched whole, as one worker has learned it from answers.
 *
 * @module
 */

/** Objects that are remembered at least, if there are as many. */
const MOST = 8_192;

/**
 * Names of small objects: those that were learned last. They lie in two sets; when the younger is
 * full it takes the place of the older, which is forgotten. What is remembered may be outdated:
 * it is a hint.
 */
export class SmallObjects {
  readonly #mostBytes: number;
  #young: Set<string> = new Set();
  #old: Set<string> = new Set();

  /** @param mostBytes The size up to which an object is small, in bytes. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether an object was small when it was heard of last. */
  has(name: string): boolean {
    return this.#young.has(name) || this.#old.has(name);
  }

  /** Learns the size of an object, in bytes. */
  learn(name: string, size: number): void {
    const isSmall = size <= this.#mostBytes;
    if (isSmall && this.#young.has(name)) return;
    this.#old.delete(name);
    this.#young.delete(name);
    if (!isSmall) return;
    this.#young.add(name);
    if (this.#young.size < MOST) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
