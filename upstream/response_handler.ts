/**
 * From undici's callbacks to an answer whose body is read with backpressure.
 *
 * @module
 */
import type { Dispatcher } from "undici";
import { HeaderList, type HeaderPair, isHopByHop } from "@s3-edge-cache/s3";
import { streamSource } from "./byte_source.ts";
import type { UpstreamResponse } from "./client.ts";

/** Most bytes of a body that wait for their reader before the connection is paused. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * Receives one answer. `response` settles with its head; the body then arrives as it is read:
 * the connection is paused while the reader is behind.
 */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  /** The answer, or the error that came in its place. */
  readonly response: Promise<UpstreamResponse>;
  readonly #signal: AbortSignal | undefined;
  readonly #bodiless: boolean;
  readonly #resolve: (response: UpstreamResponse) => void;
  readonly #reject: (error: unknown) => void;
  #started = false;
  #givenUp: Error | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #abort: (() => void) | undefined;

  /**
   * @param method The request's method: an answer to HEAD has no body.
   * @param signal Ends the request, before or within the answer.
   */
  constructor(method: string, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#bodiless = method === "HEAD";
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamResponse>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Gives the request up, if it still waits for a connection; its late start ends it. */
  giveUp(error: Error): void {
    if (this.#started) return;
    this.#givenUp = error;
    this.#reject(error);
  }

  /** The request is about to be sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#givenUp !== undefined) return controller.abort(this.#givenUp);
    this.#started = true;
    const signal = this.#signal;
    if (signal === undefined) return;
    if (signal.aborted) return controller.abort(abortReason(signal));
    this.#abort = () => controller.abort(abortReason(signal));
    signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** The head of the answer is here; informational ones are passed over. */
  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    if (status > 599 || status === 205) {
      return controller.abort(new Error(`S3 does not answer with the status ${status}`));
    }
    const headers = endToEnd(controller.rawHeaders as Uint8Array[]);
    const empty = this.#bodiless || status === 204 || status === 304;
    this.#resolve({
      status,
      headers,
      body: empty ? null : streamSource(this.#openBody(controller)),
    });
  }

  /** Bytes of the body. */
  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#body === undefined) return;
    this.#body.enqueue(chunk);
    if ((this.#body.desiredSize ?? 0) <= 0) controller.pause();
  }

  /** The body is complete. */
  onResponseEnd(): void {
    this.#release();
    this.#body?.close();
    this.#body = undefined;
  }

  /** No answer, or the body broke off. */
  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#release();
    this.#reject(error);
    this.#body?.error(error);
    this.#body = undefined;
  }

  #openBody(controller: Dispatcher.DispatchController): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (body) => {
        this.#body = body;
      },
      pull: () => controller.resume(),
      cancel: () => {
        this.#body = undefined;
        controller.abort(new DOMException("The reader left", "AbortError"));
      },
    }, new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }));
  }

  #release(): void {
    if (this.#abort !== undefined) this.#signal?.removeEventListener("abort", this.#abort);
    this.#abort = undefined;
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new DOMException("The request was given up", "AbortError");
}

/** Raw name and value bytes as pairs, less the fields that concern this connection only. */
function endToEnd(raw: readonly Uint8Array[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    pairs.push([latin1(raw[i]!).toLowerCase(), latin1(raw[i + 1]!)]);
  }
  const connection = new HeaderList(pairs).get("connection") ?? "";
  return pairs.filter(([name]) => !isHopByHop(name, connection));
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
