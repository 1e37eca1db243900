/**
 * How an audit fails.
 *
 * @module
 */

/**
 * Holds a recomputed figure against the kept one.
 *
 * @throws {Error} naming the figure and both values, if they differ.
 */
export function auditEqual<T>(kept: T, recomputed: T, what: string): void {
  if (kept !== recomputed) {
    throw new Error(`Audit: ${what} is kept as ${kept}, recomputed as ${recomputed}`);
  }
}

/**
 * Holds a condition.
 *
 * @throws {Error} naming the condition that does not hold.
 */
export function auditThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Audit: ${what}`);
}
