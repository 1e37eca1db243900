/**
 * What an object has been, and which of it a read may still show.
 *
 * The rule of consistency: after the answer to a write has reached its client, no later read shows
 * what was there before. And no read shows less than an earlier one that had ended.
 *
 * @module
 */
import type { StoredObject } from "@s3-edge-cache/sim";

/** What an object was at a time; `undefined` where there was none. */
export type State = Readonly<StoredObject> | undefined;

/** The states of one object, or of one version of it, in the order in which the origin had them. */
export class History {
  readonly #states: State[] = [];
  #floor = 0;

  /** The first state that a read that begins now may show. */
  get floor(): number {
    return this.#floor;
  }

  /** Takes note of what the origin holds now. */
  observe(state: State): void {
    const newest = this.#states.at(-1);
    if (this.#states.length > 0 && isSame(newest, state)) return;
    this.#states.push(state && { ...state });
  }

  /** The first state from `floor` on that a test accepts: its place, or -1. */
  find(floor: number, accepts: (state: State) => boolean): number {
    return this.#states.findIndex((state, place) => place >= floor && accepts(state));
  }

  /** Somebody has seen, or was told of, the state at a place: nobody may see less from now on. */
  seen(place: number): void {
    this.#floor = Math.max(this.#floor, place);
  }

  /** Every state from `floor` on, for a message. */
  tell(floor: number): string {
    const states = this.#states.slice(floor).map((state, i) =>
      `${floor + i}: ${state === undefined ? "nothing" : nameOf(state)}`
    );
    return states.join("; ");
  }

  /** The ETags that the object had, in order. */
  get etags(): string[] {
    return this.#states.flatMap((state) => state === undefined ? [] : [state.etag]);
  }
}

/** The write that made a state, as its metadata say. */
export function serialOf(state: StoredObject): string | undefined {
  return state.metadata.find(([name]) => name === "x-amz-meta-serial")?.[1];
}

function nameOf(state: StoredObject): string {
  return `write ${serialOf(state)}, ${state.body.length} bytes ${state.etag}, ` +
    `${state.tags.length} tags`;
}

function isSame(one: State, other: State): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.etag === other.etag && one.versionId === other.versionId &&
    serialOf(one) === serialOf(other) && one.tags === other.tags;
}
