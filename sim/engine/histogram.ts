/**
 * How values are distributed, in fixed memory.
 *
 * @module
 */

/** Steps from one power of two to the next, as a shift: a value is told within 1/512, 0.2 %. */
const STEPS_SHIFT = 9;
const STEPS = 1 << STEPS_SHIFT;

/** Exponents of the smallest and the largest power of two that are told apart. */
const LEAST = -14;
const MOST = 34;

/** One point of a distribution. */
export interface Percentile {
  /** A share of the values, 0 to 1. */
  readonly share: number;
  /** The value that as many are not above. */
  readonly value: number;
}

/** Counts values of 0 and more in steps that grow with them. */
export class Histogram {
  readonly #counts: Float64Array = new Float64Array(2 + (MOST - LEAST) * STEPS);
  #total = 0;
  #sum = 0;

  /** Values counted. */
  get total(): number {
    return this.#total;
  }

  /** Their mean, exactly; 0 of none. */
  get mean(): number {
    return this.#total === 0 ? 0 : this.#sum / this.#total;
  }

  /** Counts a value. */
  add(value: number): void {
    this.#counts[bucketOf(value)]! += 1;
    this.#total += 1;
    this.#sum += value;
  }

  /** The value that a share of all are not above, 0 to 1; the middle of its step. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted) return middleOf(bucket);
    }
    return 0;
  }

  /** The whole distribution: a point for each step that has values, at most `points`. */
  percentiles(points: number): Percentile[] {
    const all: Percentile[] = [];
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      if (this.#counts[bucket] === 0) continue;
      seen += this.#counts[bucket]!;
      all.push({ share: seen / this.#total, value: middleOf(bucket) });
    }
    const stride = Math.ceil(all.length / points);
    return all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  }
}

/** Where a value is taken apart. */
const double = new DataView(new ArrayBuffer(8));

/**
 * 0 for 0 and what is next to nothing; steps of a power of two are equally wide. So the number of
 * a step is what a double (IEEE 754) begins with: its exponent and the first bits of its mantissa.
 */
function bucketOf(value: number): number {
  if (!(value >= 2 ** LEAST)) return 0;
  if (value >= 2 ** MOST) return (MOST - LEAST) * STEPS;
  double.setFloat64(0, value);
  return 1 + (double.getUint32(0) >>> (20 - STEPS_SHIFT)) - (1_023 + LEAST) * STEPS;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const step = (bucket - 1) % STEPS;
  return 2 ** (LEAST + Math.floor((bucket - 1) / STEPS)) * (1 + (step + 0.5) / STEPS);
}
