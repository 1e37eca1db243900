/**
 * A policy that is told the future.
 *
 * @module
 */

/** What a policy offers beside its seam if it decides by what will come. */
export interface Clairvoyant {
  /**
   * When an entry will be used next: called after each `access` and `insert`.
   *
   * @param slot The entry's.
   * @param nextUse Number of the request that will use it; `Infinity` for none.
   */
  foresee(slot: number, nextUse: number): void;
}
