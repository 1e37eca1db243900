/**
 * Reproducible randomness for tests.
 *
 * @module
 */

/** Numbers from 0 up to 1, the same for the same seed (Marsaglia's xorshift, 32 bits). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Ranks from 0 up to `ranks`, of which rank `i` comes up in proportion to `(i + 1) ** -exponent`. */
export function zipfRanks(ranks: number, exponent: number, random: () => number): () => number {
  const cumulative = new Float64Array(ranks);
  let sum = 0;
  for (let i = 0; i < ranks; i++) {
    sum += (i + 1) ** -exponent;
    cumulative[i] = sum;
  }
  return () => {
    const sought = random() * sum;
    let low = 0;
    let high = ranks - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle]! > sought) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
