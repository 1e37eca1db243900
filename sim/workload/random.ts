/**
 * Reproducible randomness.
 *
 * @module
 */

/** Turns of the generator before its first number, so that near seeds are far apart. */
const WARM_UP = 15;

/**
 * Random numbers that are the same for the same seed, on every machine: sfc32 of PractRand
 * (Doty-Humphrey), 128 bits of state with a counter, so that no period is shorter than 2^32.
 *
 * @example
 * ```ts
 * import { Random } from "@s3-edge-cache/sim";
 * import assert from "node:assert/strict";
 *
 * assert.equal(new Random(42, "sizes").next(), new Random(42, "sizes").next());
 * assert.notEqual(new Random(42, "sizes").next(), new Random(42, "ranks").next());
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * Seeds a generator.
   *
   * @param seed An unsigned 32-bit integer.
   * @param purpose What the numbers are for: each purpose has numbers of its own, so that asking
   * for more of one leaves the others as they are.
   */
  constructor(seed: number, purpose: string) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    for (let i = 0; i < purpose.length; i++) {
      this.#c = Math.imul(this.#c ^ purpose.charCodeAt(i), 0x01000193);
    }
    for (let i = 0; i < WARM_UP; i++) this.word();
  }

  /** 32 random bits, as an unsigned integer. */
  word(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A number from 0 up to, not including, 1, of 32 random bits. */
  next(): number {
    return this.word() / 2 ** 32;
  }

  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }
}
