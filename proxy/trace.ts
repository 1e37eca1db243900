/**
 * What is learnt of a request on its way: the one record that is made of it at its end.
 *
 * @module
 */
import type { Route } from "@s3-edge-cache/s3";
import type { CountedRequest, OutcomeName } from "@s3-edge-cache/telemetry";

/**
 * The trace of one request. Who learns something of the request writes it here; whoever observes
 * requests reads it once, at the end: when the answer has been sent, and what was asked of the
 * origin has come.
 */
export class Trace implements CountedRequest {
  /** When its head was here, by `performance.now()`. */
  readonly startedAt: number;
  /** The key that signed it; `undefined` where no signature was right. */
  keyId: string | undefined = undefined;
  /** What it asks for; `undefined` until that is known. */
  route: Route | undefined = undefined;
  /** HTTP status of the answer. */
  status: number = 0;
  /** How the cache took part. */
  outcome: OutcomeName = "bypass";
  /** Why the cache took no other part; `undefined` where the outcome says all. */
  why: string | undefined = undefined;
  /** How long it took to the end of the answer, in milliseconds. */
  durationMs: number = 0;
  /** Bytes of body that were sent, as far as the connection has taken them. */
  bytes: number = 0;
  /** Requests to the origin that it took. */
  upstreamRequests: number = 0;
  /** How long the origin took to the head of its answer, in milliseconds; `undefined` unasked. */
  upstreamMs: number | undefined = undefined;
  /** Bytes of body that came from the origin for it. */
  upstreamBytes: number = 0;
  /** Whether the origin gave an answer; `undefined` unasked. */
  upstreamReached: boolean | undefined = undefined;
  /** Whether the origin failed it, or could not be reached. */
  upstreamFailed: boolean = false;
  /** Whether it dropped entries that it may have made stale. */
  invalidates: boolean = false;
  /** Whether its fill was given up after the answer had begun. */
  fillGivenUp: boolean = false;
  /** Bodies of the origin that still come. */
  #receiving: number = 0;
  #settle: (() => void) | undefined = undefined;

  /**
   * Begins a trace.
   *
   * @param startedAt When the head was here, by `performance.now()`.
   */
  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** The bucket; empty where none is known. */
  get bucket(): string {
    return this.route === undefined ? "" : this.route.bucket;
  }

  /** Whether bodies of the origin still come. */
  get isReceiving(): boolean {
    return this.#receiving > 0;
  }

  /** A body of the origin begins to come. */
  beginReceiving(): void {
    this.#receiving++;
  }

  /** A body of the origin has come, or is given up. */
  endReceiving(): void {
    this.#receiving--;
    if (this.#receiving > 0) return;
    const settle = this.#settle;
    // A trace is remembered for long; what it waited for need not be.
    this.#settle = undefined;
    settle?.();
  }

  /** Has something done as soon as no body comes any more. */
  whenReceived(settle: () => void): void {
    this.#settle = settle;
  }
}
