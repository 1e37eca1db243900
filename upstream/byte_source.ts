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

/** Longest view that goes into a stream: Deno sends 64 KiB at a time, and 1 MiB at a worse price. */
const MOST_STREAMED_BYTES = 256 * 1024;

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
  let rest: Uint8Array | undefined;
  const give = (
    controller: ReadableStreamDefaultController<Uint8Array>,
    view: Uint8Array | undefined,
  ) => {
    if (view === undefined) {
      controller.close();
      if (sent === undefined) release();
      return;
    }
    const isLong = view.length > MOST_STREAMED_BYTES;
    const piece = isLong ? view.subarray(0, MOST_STREAMED_BYTES) : view;
    rest = isLong ? view.subarray(MOST_STREAMED_BYTES) : undefined;
    controller.enqueue(source.lasting ? piece : piece.slice());
  };
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const read = rest ?? source.read();
      return read instanceof Promise
        ? read.then((view) => give(controller, view))
        : give(controller, read);
    },
    cancel() {
      if (sent === undefined) release();
    },
  }, { highWaterMark: 0 });
}
