/**
 * The beginning of a body, read ahead, and the body again with it.
 *
 * @module
 */

/** What was read of a body. */
export interface Beginning {
  /** The bytes in one piece. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether they are the whole body. */
  readonly isWhole: boolean;
  /** Reads on where they end. */
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
}

/**
 * Reads a body up to a number of bytes, or a little beyond it: to the end of a chunk. Where it
 * breaks off before, the beginning ends there, and the reader tells the error.
 *
 * @param body A body that nobody reads yet.
 * @param enough The number of bytes.
 */
export async function readBeginning(
  body: ReadableStream<Uint8Array>,
  enough: number,
): Promise<Beginning> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < enough && !isWhole) {
    const read = await reader.read().catch(() => undefined);
    if (read === undefined) break;
    isWhole = read.done;
    if (read.value === undefined) continue;
    chunks.push(read.value);
    length += read.value.length;
  }
  return { bytes: concatenated(chunks), isWhole, reader };
}

/** Bytes in one piece. */
export function concatenated(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

/**
 * A body of chunks and of what a reader gives after them.
 *
 * @param chunks Its beginning.
 * @param reader Its rest.
 */
export function continued(
  chunks: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) if (chunk.length > 0) controller.enqueue(chunk);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
