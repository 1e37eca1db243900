/**
 * Stops a request at a point of its way until a test lets it go: races without clocks.
 *
 * @module
 */
import { type Call, type CallFilter, matches } from "./calls.ts";

/**
 * Where a request is held: `request`, before its body is read and the state is touched;
 * `head`, when the state was read or written and nothing is answered yet; `body`, when the head
 * of the answer and the first bytes of its body were sent.
 */
export type HoldPhase = "request" | "head" | "body";

/** Which request is held, and where. */
export interface HoldFilter extends CallFilter {
  /** The point at which it is held. */
  readonly phase: HoldPhase;
  /** How many bytes of the body are sent before a hold in the phase `body`; 1 if not given. */
  readonly bytes?: number;
}

/** A request that is held, or will be. */
export interface Held extends Disposable {
  /** Resolves when a request has come to the point. */
  readonly arrived: Promise<Call>;
  /** Lets it go, also if it has not come yet. Further calls do nothing. */
  release(): void;
}

/** A hold that was ordered, seen from inside. */
export interface Hold {
  /** What it waits for. */
  readonly filter: HoldFilter;
  /** Reports that the call has come; resolves when it may go on. */
  reach(call: Call): Promise<void>;
}

/** The holds of one origin. */
export class Holds {
  readonly #waiting: Hold[] = [];
  readonly #releases = new Set<() => void>();

  /** Orders a hold for the next request that matches; every hold stops one request. */
  order(filter: HoldFilter): Held {
    const arrived = Promise.withResolvers<Call>();
    const released = Promise.withResolvers<void>();
    const hold: Hold = {
      filter,
      reach: (call) => {
        arrived.resolve(call);
        return released.promise;
      },
    };
    const release = () => {
      this.#forget(hold);
      this.#releases.delete(release);
      released.resolve();
    };
    this.#waiting.push(hold);
    this.#releases.add(release);
    return { arrived: arrived.promise, release, [Symbol.dispose]: release };
  }

  /** Takes the first hold that means this call in this phase. */
  take(call: Call, phase: HoldPhase): Hold | undefined {
    const hold = this.#waiting.find(({ filter }) =>
      filter.phase === phase && matches(call, filter)
    );
    if (hold !== undefined) this.#forget(hold);
    return hold;
  }

  /** Lets everything go and forgets what has not come. */
  releaseAll(): void {
    for (const release of [...this.#releases]) release();
  }

  #forget(hold: Hold): void {
    const at = this.#waiting.indexOf(hold);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}
