/**
 * The body of a request, unframed as it is read.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { ChunkedDecoder } from "./chunked_decoder.ts";
import type { Input } from "./input.ts";

/** A body that is being received. */
export class RequestBody {
  readonly #input: Input;
  readonly #chunks: ChunkedDecoder | undefined;
  readonly #askFor: (() => Promise<void>) | undefined;
  #left: number;
  #asked = false;
  #closed = false;
  #reading: Promise<unknown> = Promise.resolve();

  /**
   * @param input What the client sends.
   * @param length Bytes of the body; `undefined` for one in chunks.
   * @param askFor Sends `100 Continue`; `undefined` where the client doesn't wait for it.
   */
  constructor(input: Input, length: number | undefined, askFor?: () => Promise<void>) {
    this.#input = input;
    this.#left = length ?? 0;
    this.#chunks = length === undefined ? new ChunkedDecoder() : undefined;
    this.#askFor = askFor;
  }

  /** Whether all of it was received. */
  get complete(): boolean {
    return this.#chunks === undefined ? this.#left === 0 : this.#chunks.ended;
  }

  /**
   * Bytes that have to be read before the next request can be; Infinity where nobody knows, or
   * the client waits to be asked for them.
   */
  get unread(): number {
    if (this.complete) return 0;
    const unasked = this.#askFor !== undefined && !this.#asked && this.#input.available === 0;
    return this.#chunks !== undefined || unasked ? Infinity : this.#left;
  }

  /**
   * The body as a stream that is read as it is pulled. It errors with IncompleteBody if the client
   * leaves within it, with BadRequest if its framing is broken.
   */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const reading = this.#next();
        this.#reading = reading.catch(() => {});
        const bytes = await reading;
        if (bytes === undefined) controller.close();
        else controller.enqueue(bytes);
      },
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
  }

  /** The answer begins: a client that was not asked for the body yet never will be. */
  answering(): void {
    if (this.#askFor !== undefined && !this.#asked) this.close();
  }

  /** Ends the reading of its stream. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Reads what nobody wanted, so that the next request can be read.
   *
   * @returns Whether all of it came.
   */
  async drain(): Promise<boolean> {
    this.close();
    await this.#reading;
    try {
      while (!this.complete) await this.#receive();
      return true;
    } catch {
      return false;
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.complete) return undefined;
    if (this.#closed) throw new S3Error("IncompleteBody");
    if (!this.#asked) {
      this.#asked = true;
      if (this.#input.available === 0) await this.#askFor?.();
    }
    return await this.#receive();
  }

  /** The next bytes; `undefined` at the end. */
  async #receive(): Promise<Uint8Array | undefined> {
    if (this.#chunks !== undefined) {
      await this.#reachData(this.#chunks);
      if (this.#chunks.ended) return undefined;
    }
    const bytes = await this.#input.take(this.#chunks?.dataLeft ?? this.#left);
    if (bytes === undefined) throw new S3Error("IncompleteBody");
    if (this.#chunks === undefined) this.#left -= bytes.length;
    else this.#chunks.tookData(bytes.length);
    return bytes;
  }

  async #reachData(chunks: ChunkedDecoder): Promise<void> {
    const input = this.#input;
    for (;;) {
      input.start = chunks.readFraming(input.bytes, input.start, input.end);
      if (chunks.ended || chunks.dataLeft > 0) return;
      if (input.ended) throw new S3Error("IncompleteBody");
      await input.more();
    }
  }
}
