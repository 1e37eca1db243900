/**
 * Acting at the end of a body.
 *
 * @module
 */

/**
 * The same body; `end` has run before its reader sees the end, however it ends: whole, with an
 * error, or given up.
 *
 * @param body A body that nobody reads yet.
 * @param end Runs once.
 */
export function onBodyEnd(
  body: ReadableStream<Uint8Array>,
  end: () => void | Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        await end();
        controller.close();
      } catch (error) {
        await end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      await reader.cancel(reason);
      await end();
    },
  }, { highWaterMark: 0 });
}
