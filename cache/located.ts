/**
 * A slot that is remembered.
 *
 * @module
 */

/** A slot as it was at one moment. */
export interface Located {
  /** The slot. */
  readonly slot: number;
  /** Its generation. */
  readonly generation: number;
}
