/**
 * A body that its reader pulls: cheaper than a stream where nobody pipes it.
 *
 * @module
 */

/**
 * The bytes of a body, in order, as views.
 *
 * A view is its reader's until the next call of `read`, or, if the source is *lasting*, until the
 * `release`; then its memory may be used for other bytes. It may lie in a SharedArrayBuffer.
 */
export interface ByteSource {
  /** Whether views stay as they are until the release. */
  readonly lasting: boolean;
  /**
   * The next bytes, never none; `undefined` at the end of the body. A promise only where they have
   * to be waited for. Throws, or rejects, if the body breaks off.
   */
  read(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /**
   * The next bytes, straight into memory of the reader's; only where that saves a copy.
   *
   * @param target Memory for at least one byte.
   * @returns How many came, at least one; `undefined` where `read` has them, or the end, at hand.
   */
  readonly readInto?: ((target: Uint8Array) => Promise<number> | undefined) | undefined;
  /**
   * Gives the source back: at its end, or where its reader wants no more of it. Further calls do
   * nothing.
   */
  release(): void;
}

/**
 * The source that reads a stream. To release it before its end cancels the stream.
 *
 * @param stream A stream that nobody reads yet.
 *
 * @example
 * ```ts
 * import { streamSource } from "@s3-edge-cache/upstream";
 * import assert from "node:assert/strict";
 *
 * const source = streamSource(new Blob(["abc"]).stream());
 * assert.equal((await source.read())?.length, 3);
 * assert.equal(await source.read(), undefined);
 * source.release();
 * ```
 */
export function streamSource(stream: ReadableStream<Uint8Array>): ByteSource {
  const reader = stream.getReader();
  return {
    lasting: true,
    read: async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        if (value.length > 0) return value;
      }
    },
    release: () => void reader.cancel().catch(() => {}),
  };
}

/**
 * The stream that pulls a source, with nothing read ahead.
 *
 * @param source A source that nobody reads yet.
 * @param sent Settles when the views that were handed out are no longer looked at: then the source
 * is released. Without it, the next pull is taken for that.
 */
export function sourceStream(
  source: ByteSource,
  sent?: Promise<void>,
): ReadableStream<Uint8Array> {
  const release = () => source.release();
  sent?.then(release, release);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const read = source.read();
      const view = read instanceof Promise ? await read : read;
      if (view !== undefined) return controller.enqueue(source.lasting ? view : view.slice());
      controller.close();
      if (sent === undefined) release();
    },
    cancel() {
      if (sent === undefined) release();
    },
  }, { highWaterMark: 0 });
}
