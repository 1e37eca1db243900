/**
 * Which keys are read most, of late.
 *
 * @module
 */

/** Reads of which one is looked at, on the average. */
const SAMPLE = 8;

/** Keys that are counted at a time. */
const MOST_KEYS = 256;

/** Looks after which all counts are halved, so that what is no longer read is forgotten. */
const HALF_LIFE = 16_384;

/** A key and how often it was read, about. */
export interface HotKey {
  /** Bucket and key. */
  readonly name: string;
  /** Reads; those of long ago count less. */
  readonly reads: number;
}

/**
 * The keys that are read most: the Space-Saving algorithm (Metwally, Agrawal, El Abbadi: Efficient
 * Computation of Frequent and Top-k Elements in Data Streams, 2005) over one read in eight. A key
 * that gets more than 1/256 of the reads is always among those that are counted.
 */
export class Hottest {
  readonly #counts: Map<string, number> = new Map();
  readonly #random: () => number;
  #looks = 0;

  /**
   * Counts nothing yet.
   *
   * @param random Gives numbers from 0 up to, not including, 1.
   */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Whether this read is one of those that are looked at. */
  wants(): boolean {
    return this.#random() * SAMPLE < 1;
  }

  /** Counts a read that is wanted. */
  count(name: string): void {
    const counts = this.#counts;
    const known = counts.get(name);
    if (known !== undefined) counts.set(name, known + 1);
    else if (counts.size < MOST_KEYS) counts.set(name, 1);
    else {
      const [rarest, looks] = this.#rarest();
      counts.delete(rarest);
      counts.set(name, looks + 1);
    }
    this.#looks++;
    if (this.#looks % HALF_LIFE === 0) this.#fade();
  }

  /** The keys that were read most, most first. */
  top(count: number): HotKey[] {
    return [...this.#counts]
      .map(([name, looks]) => ({ name, reads: looks * SAMPLE }))
      .toSorted((one, other) => other.reads - one.reads)
      .slice(0, count);
  }

  #rarest(): [name: string, looks: number] {
    let rarest: [string, number] = ["", Infinity];
    for (const entry of this.#counts) if (entry[1] < rarest[1]) rarest = entry;
    return rarest;
  }

  #fade(): void {
    for (const [name, looks] of this.#counts) {
      if (looks < 2) this.#counts.delete(name);
      else this.#counts.set(name, Math.floor(looks / 2));
    }
  }
}

/** One list of the keys that were read most, of the lists of several workers. */
export function mergeHottest(lists: readonly (readonly HotKey[])[], count: number): HotKey[] {
  const reads = new Map<string, number>();
  for (const { name, reads: more } of lists.flat()) reads.set(name, (reads.get(name) ?? 0) + more);
  return [...reads].map(([name, reads]) => ({ name, reads }))
    .toSorted((one, other) => other.reads - one.reads)
    .slice(0, count);
}
