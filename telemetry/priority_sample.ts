/**
 * How many bytes different things have together, in half a mebibyte.
 *
 * Priority sampling: Duffield, Lund, Thorup: "Priority sampling for estimation of arbitrary subset
 * sums", JACM 2007. A thing of weight w whose hash is the fraction u has the *priority* w / u. Those
 * above a level are kept, and the sum of max(w, level) over them is an unbiased estimate of the sum
 * of all weights. The hash makes it one of different things: who comes again has the same priority.
 *
 * @module
 */

/** Things that are kept at least once there were so many, and at most. */
const LEAST = 24_576;
const MOST = 30_720;

/** Places of the table: a priority and a weight each. A power of two. */
const PLACES = 32_768;

/** Doubles before the table. */
const LEVEL = 0;
const KEPT = 1;
const TABLE = 2;

/** Doubles that a sample takes. */
export const SAMPLE_DOUBLES: number = TABLE + 2 * PLACES;

/**
 * Sums the weights of different things.
 *
 * Exact for up to 30,720 different things; beyond, the standard error is at most
 * 1 / sqrt(24,576) = 0.64 %, however uneven the weights are.
 *
 * One isolate adds. Others may merge from it meanwhile: what they see while it raises its level, some
 * milliseconds for every quarter more of things, can be too low.
 */
export class PrioritySample {
  readonly #doubles: Float64Array;
  readonly #priority: Float64Array = new Float64Array(1);
  readonly #words: Uint32Array = new Uint32Array(this.#priority.buffer);

  /**
   * Attaches to a memory; zeros are an empty sample.
   *
   * @param doubles {@linkcode SAMPLE_DOUBLES} of them.
   * @throws {RangeError} if they are more or fewer.
   */
  constructor(doubles: Float64Array) {
    if (doubles.length !== SAMPLE_DOUBLES) {
      throw new RangeError(`A sample takes ${SAMPLE_DOUBLES} doubles, not ${doubles.length}`);
    }
    this.#doubles = doubles;
  }

  /**
   * Adds a thing. The same hash with another weight is another thing.
   *
   * @param high Upper 32 bits of its hash.
   * @param low Lower 32 bits of its hash.
   * @param weight 0 or more.
   */
  add(high: number, low: number, weight: number): void {
    const fraction = ((high >>> 0) * 2 ** 21 + (low >>> 11) + 0.5) / 2 ** 53;
    this.#keep(weight / fraction, weight);
  }

  /** Adds all things of another sample. */
  merge(other: PrioritySample): void {
    const doubles = other.#doubles;
    if (doubles[LEVEL]! > this.#doubles[LEVEL]!) this.#raise(doubles[LEVEL]!);
    for (let at = TABLE; at < SAMPLE_DOUBLES; at += 2) this.#keep(doubles[at]!, doubles[at + 1]!);
  }

  /** The sum of the weights, as far as can be told. */
  estimate(): number {
    const level = this.#doubles[LEVEL]!;
    let sum = 0;
    for (let at = TABLE; at < SAMPLE_DOUBLES; at += 2) {
      if (this.#doubles[at]! > 0) sum += Math.max(this.#doubles[at + 1]!, level);
    }
    return sum;
  }

  /** Keeps a thing if it is above the level and not kept yet. */
  #keep(priority: number, weight: number): void {
    const doubles = this.#doubles;
    if (!(priority > doubles[LEVEL]!)) return;
    let at = this.#place(priority);
    for (let held = doubles[at]!; held !== 0; held = doubles[at]!) {
      if (held === priority) return;
      at = at + 2 === SAMPLE_DOUBLES ? TABLE : at + 2;
    }
    doubles[at] = priority;
    doubles[at + 1] = weight;
    doubles[KEPT]! += 1;
    if (doubles[KEPT]! === MOST) this.#raise(this.#levelOfLeast());
  }

  /** Where the search for a priority begins. */
  #place(priority: number): number {
    this.#priority[0] = priority;
    const mixed = Math.imul(this.#words[0]! ^ Math.imul(this.#words[1]!, 0x21f0aaad), 0x9e3779b1);
    return TABLE + 2 * (mixed >>> 17);
  }

  /** The level above which as many are kept as must be. */
  #levelOfLeast(): number {
    const priorities = new Float64Array(PLACES);
    for (let i = 0; i < PLACES; i++) priorities[i] = this.#doubles[TABLE + 2 * i]!;
    priorities.sort();
    return priorities[PLACES - 1 - LEAST]!;
  }

  /** Lets go of what is not above a level. */
  #raise(level: number): void {
    const former = this.#doubles.slice(TABLE);
    this.#doubles.fill(0, TABLE);
    this.#doubles[LEVEL] = level;
    this.#doubles[KEPT] = 0;
    for (let at = 0; at < former.length; at += 2) this.#keep(former[at]!, former[at + 1]!);
  }
}
