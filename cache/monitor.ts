/**
 * The lock around all that the workers share.
 *
 * Invariants:
 * - The *holder* word is 0 while the monitor is free, else the number of who is inside plus one.
 *   Only a compare-and-swap from 0 enters; only who is inside sets it back to 0. Both are
 *   sequentially consistent: what one wrote inside, by plain writes, the next one inside reads.
 * - The *waiters* word counts who sleeps, or is about to. Who leaves wakes one if it is not 0.
 * - The *poisoned* word is set once and never cleared. From then on nobody enters: who has come in
 *   reads it as all else inside, plainly, and leaves.
 * - A section is short and does not wait. One that throws leaves the memory in an unknown state,
 *   and poisons it.
 * - The *turns* word goes up with each entry. Whoever has waited for long in vain, and saw nobody
 *   enter meanwhile, poisons: the holder is dead, or as good as dead. To poison is always safe.
 * - A worker that dies inside leaves its number in the holder word: whoever knows that it is dead
 *   poisons at once. One that dies while it waits leaves the waiters counted one too high, which costs
 *   needless wake-ups and nothing else.
 *
 * @module
 */

/** Words that a monitor takes: two cache lines, for every hit reads the second one. */
export const MONITOR_WORDS = 32;

const HOLDER = 0;
const WAITERS = 1;
const TURNS = 2;
const POISONED = 16;

/** Looks at the holder word before sleeping; a section takes about a microsecond. */
const SPINS = 200;

/** How long a sleeper sleeps before it looks whether the memory was poisoned meanwhile. */
const SLEEP_MS = 50;

/** How often a sleeper wakes up to find the same turn before it takes the holder for dead: 10 s. */
const PATIENCE = 200;

/** Lets one in at a time. */
export class Monitor {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #mark: number;
  readonly #patience: number;

  /**
   * A door to the monitor that lies in `words`.
   *
   * @param words {@linkcode MONITOR_WORDS} words, zeros at first.
   * @param number Tells this door from all others to the same words; at least 0.
   * @param patience How many sleeps of 50 ms it waits for one holder.
   */
  constructor(words: Int32Array<SharedArrayBuffer>, number: number, patience: number = PATIENCE) {
    this.#words = words;
    this.#mark = number + 1;
    this.#patience = patience;
  }

  /** Whether the memory must not be used any more. */
  get poisoned(): boolean {
    return Atomics.load(this.#words, POISONED) !== 0;
  }

  /** Bars the memory for all, and wakes those who wait to enter. */
  poison(): void {
    Atomics.store(this.#words, POISONED, 1);
    Atomics.notify(this.#words, HOLDER);
  }

  /** Whether the door with this number is inside. */
  isHeldBy(number: number): boolean {
    return Atomics.load(this.#words, HOLDER) === number + 1;
  }

  /**
   * Runs a section inside.
   *
   * @param section Neither waits nor enters again.
   * @param barred What is returned instead if the memory is poisoned.
   * @throws What the section throws; the memory is poisoned then.
   */
  run<T>(section: () => T, barred: T): T {
    if (!this.#enter()) return barred;
    try {
      return section();
    } catch (error) {
      this.poison();
      throw error;
    } finally {
      this.#leave();
    }
  }

  #enter(): boolean {
    const words = this.#words;
    if (Atomics.compareExchange(words, HOLDER, 0, this.#mark) !== 0 && !this.#queue()) return false;
    words[TURNS]! += 1;
    if (words[POISONED] === 0) return true;
    this.#leave();
    return false;
  }

  #leave(): void {
    const words = this.#words;
    Atomics.store(words, HOLDER, 0);
    if (Atomics.load(words, WAITERS) > 0) Atomics.notify(words, HOLDER, 1);
  }

  /** Enters as soon as it can, or returns false if the memory is poisoned before. */
  #queue(): boolean {
    const words = this.#words;
    if (this.poisoned) return false;
    if (this.isHeldBy(this.#mark - 1)) throw new Error("A section enters the monitor again");
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(words, HOLDER) !== 0) continue;
      if (Atomics.compareExchange(words, HOLDER, 0, this.#mark) === 0) return true;
    }
    Atomics.add(words, WAITERS, 1);
    const entered = this.#sleep();
    Atomics.sub(words, WAITERS, 1);
    return entered;
  }

  #sleep(): boolean {
    const words = this.#words;
    let turn = Atomics.load(words, TURNS);
    for (let sleeps = 0; !this.poisoned;) {
      const holder = Atomics.compareExchange(words, HOLDER, 0, this.#mark);
      if (holder === 0) return true;
      if (Atomics.wait(words, HOLDER, holder, SLEEP_MS) !== "timed-out") continue;
      const now = Atomics.load(words, TURNS);
      sleeps = now === turn ? sleeps + 1 : 0;
      turn = now;
      if (sleeps === this.#patience) this.poison();
    }
    return false;
  }
}
