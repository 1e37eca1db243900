/**
 * The harm that the origin does on order.
 *
 * @module
 */
import type { Answer } from "./answer.ts";
import { type Call, type CallFilter, matches } from "./calls.ts";

/** What goes wrong with a request. */
export type Fault =
  /** Answered with an error document once the body is read; the state is not touched. */
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  /** Answered with an error document before the body is read, then hung up. */
  | { readonly kind: "refuse"; readonly status: number; readonly code: string }
  /** Answered exactly so, once the body is read; the state is not touched. */
  | { readonly kind: "answer"; readonly answer: Answer }
  /** The operation is done, its whole answer is changed. */
  | { readonly kind: "alter"; readonly alter: (answer: Answer) => Answer }
  /** Answered 200 with an error document, as CompleteMultipartUpload and CopyObject can be. */
  | { readonly kind: "error_in_success"; readonly code: string }
  /** Hung up before the body is read and the state is touched. */
  | { readonly kind: "hang_up" }
  /** The operation is done, then the connection is hung up without an answer. */
  | { readonly kind: "lose_answer" }
  /** Never answered; the state is not touched. */
  | { readonly kind: "silence" }
  /** The head and this many bytes of the body are sent, then the connection is hung up. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** The head and this many bytes of the body are sent, then nothing more. */
  | { readonly kind: "stall"; readonly bytes: number }
  /** These bytes follow the body, beyond its announced length. */
  | { readonly kind: "overlong"; readonly extra: Uint8Array }
  /** These bytes are the whole answer; then the connection is hung up. */
  | { readonly kind: "raw"; readonly bytes: Uint8Array }
  /** The head waits, then the body comes piece by piece, each after a pause. */
  | {
    readonly kind: "slow";
    readonly headMilliseconds: number;
    readonly pieceBytes: number;
    readonly pieceMilliseconds: number;
  };

/** The faults ordered at one origin. */
export class Faults {
  readonly #ordered: { filter: CallFilter; fault: Fault; times: number }[] = [];

  /** Orders a fault for the next `times` requests that match. */
  order(filter: CallFilter, fault: Fault, times: number): void {
    this.#ordered.push({ filter, fault, times });
  }

  /** Takes the first fault that means this call. */
  take(call: Call): Fault | undefined {
    const at = this.#ordered.findIndex(({ filter }) => matches(call, filter));
    const found = this.#ordered[at];
    if (found === undefined) return undefined;
    found.times--;
    if (found.times <= 0) this.#ordered.splice(at, 1);
    return found.fault;
  }

  /** Forgets all that is ordered. */
  clear(): void {
    this.#ordered.length = 0;
  }
}
