/**
 * Ranks of unequal popularity.
 *
 * @module
 */
import type { Random } from "./random.ts";

/**
 * Zipf's law: rank `i`, from 0, comes up in proportion to `(i + 1) ** -exponent`.
 *
 * Walker's alias method in Vose's form (IEEE Transactions on Software Engineering 17, 1991): the
 * ranks are cut into columns of equal height that hold at most two each, so that a draw costs one
 * column and one comparison however many ranks there are. 12 bytes a rank.
 */
export class Zipf {
  readonly #random: Random;
  readonly #shares: Float64Array;
  readonly #others: Int32Array;

  /**
   * Builds the columns.
   *
   * @param ranks How many.
   * @param exponent 0 makes all ranks alike.
   * @param random Where the draws come from.
   */
  constructor(ranks: number, exponent: number, random: Random) {
    this.#random = random;
    const weights = Float64Array.from({ length: ranks }, (_, i) => (i + 1) ** -exponent);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.#shares = weights.map((weight) => weight / sum * ranks);
    this.#others = new Int32Array(ranks);
    this.#level();
  }

  /** The next rank. */
  next(): number {
    const column = this.#random.below(this.#shares.length);
    return this.#random.next() < this.#shares[column]! ? column : this.#others[column]!;
  }

  /** Fills what each low column lacks from a high one. */
  #level(): void {
    const shares = this.#shares;
    const low: number[] = [];
    const high: number[] = [];
    for (let i = 0; i < shares.length; i++) (shares[i]! < 1 ? low : high).push(i);
    while (low.length > 0 && high.length > 0) {
      const [lacking, giving] = [low.pop()!, high.pop()!];
      this.#others[lacking] = giving;
      shares[giving]! -= 1 - shares[lacking]!;
      (shares[giving]! < 1 ? low : high).push(giving);
    }
    for (const rest of [...low, ...high]) shares[rest] = 1;
  }
}
