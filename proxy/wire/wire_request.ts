/**
 * A request as `wire_front` received it.
 *
 * @module
 */
import { HeaderList } from "@s3-edge-cache/s3";
import type { RawRequest } from "../request.ts";
import { Trace } from "../trace.ts";
import type { WireHead } from "./request_head.ts";

/** A request whose signal and completion are made only where somebody asks for them. */
export class WireRequest implements RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly id: string;
  readonly trace: Trace = new Trace(performance.now());
  #aborter: AbortController | undefined;
  #completion: PromiseWithResolvers<void> | undefined;
  #left = false;
  #done = false;

  /**
   * @param head Its head.
   * @param body Its body.
   * @param id The id that the answer carries.
   */
  constructor(
    head: Pick<WireHead, "method" | "target" | "pairs">,
    body: ReadableStream<Uint8Array> | null,
    id: string,
  ) {
    this.method = head.method;
    this.target = head.target;
    this.headers = new HeaderList(head.pairs);
    this.body = body;
    this.id = id;
  }

  get signal(): AbortSignal {
    if (this.#aborter === undefined) {
      this.#aborter = new AbortController();
      if (this.#left) this.#aborter.abort();
    }
    return this.#aborter.signal;
  }

  get completed(): Promise<void> {
    if (this.#completion === undefined) {
      this.#completion = Promise.withResolvers();
      if (this.#done) this.#completion.resolve();
    }
    return this.#completion.promise;
  }

  /** Whether the client left, and somebody who was told gave up for that reason. */
  get abandoned(): boolean {
    return this.#left && this.#aborter !== undefined;
  }

  /** The client left. */
  leave(): void {
    this.#left = true;
    this.#aborter?.abort();
  }

  /** The answer has been sent, or can't be. */
  complete(): void {
    this.#done = true;
    this.#completion?.resolve();
  }
}
