/**
 * Size classes of a two-level segregated fit (Masmano et al., "TLSF: a New Dynamic Memory
 * Allocator for Real-Time Systems", 2004): powers of two, each cut into 32 equal parts. Sizes are
 * numbers of units; below 64 units a class holds one size only.
 *
 * @module
 */

/** Parts that each power of two is cut into; the bits of one word of a bitmap. */
export const SECOND_LEVELS = 32;

/** Powers of two that are told apart; all sizes below 32 units share the first. */
export const FIRST_LEVELS = 21;

/** Classes in all. A size of up to 2^24 units has one. */
export const SIZE_CLASSES: number = FIRST_LEVELS * SECOND_LEVELS;

const SECOND_BITS = 5;

/** Rank of the highest bit of a positive integer. */
function log2(units: number): number {
  return 31 - Math.clz32(units);
}

/** The class that blocks of `units` units are kept in. */
export function sizeClassOf(units: number): number {
  if (units < SECOND_LEVELS) return units;
  const rank = log2(units);
  return ((rank - SECOND_BITS) << SECOND_BITS) + (units >>> (rank - SECOND_BITS));
}

/** The lowest class in which every block has at least `units` units. */
export function fittingClassOf(units: number): number {
  if (units < SECOND_LEVELS) return units;
  return sizeClassOf(units + (1 << (log2(units) - SECOND_BITS)) - 1);
}

/** The smallest size of a class, in units. */
export function smallestOf(sizeClass: number): number {
  if (sizeClass < SECOND_LEVELS) return sizeClass;
  const level = (sizeClass >>> SECOND_BITS) - 1;
  return ((sizeClass & (SECOND_LEVELS - 1)) + SECOND_LEVELS) << level;
}
