/**
 * Whether an isolate still comes round.
 *
 * @module
 */

/** How often a worker raises its pulse, in milliseconds. */
export const PULSE_MS = 250;

/** How often the supervisor looks, in milliseconds: nobody who runs misses a beat for as long. */
export const LOOK_MS: number = 20 * PULSE_MS;

/** Looks in a row without a new beat after which a worker hangs for good. */
const LOOKS = 6;

/** The beats of one worker, as its supervisor sees them from look to look. */
export class PulseWatch {
  #last = -1;
  #silent = 0;

  /**
   * Looks once.
   *
   * @param beats How many there were so far.
   * @returns Whether the worker hangs: none of {@linkcode LOOKS} looks in a row saw a new one. One
   * that only had to wait for a processor, or for a suspended machine, beats again before.
   */
  hangs(beats: number): boolean {
    this.#silent = beats === this.#last ? this.#silent + 1 : 0;
    this.#last = beats;
    return this.#silent >= LOOKS;
  }
}
