/**
 * Acting at the end of a body.
 *
 * @module
 */

/**
 * The same body, seen through: `end` has run before its reader sees the end, whole or with an
 * error. When the reader leaves, the rest is read and thrown away: the body tells when whoever
 * sends it is done.
 *
 * @param body A body that nobody reads yet.
 * @param end Runs once; told the error where there is one.
 */
export function onBodyEnd(
  body: ReadableStream<Uint8Array>,
  end: (error?: unknown) => void | Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const next = async () => {
    try {
      const read = await reader.read();
      if (read.done) await end();
      return read;
    } catch (error) {
      await end(error);
      throw error;
    }
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      readOut(next).catch(() => {});
    },
  }, { highWaterMark: 0 });
}

async function readOut(next: () => Promise<{ done: boolean }>): Promise<void> {
  while (!(await next()).done);
}
