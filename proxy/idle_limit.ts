/**
 * A bound on the silence of a client within its body.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";

/**
 * The same body; it errors with RequestTimeout when a read of it brings nothing for too long. Time
 * in which nobody reads does not count.
 *
 * @param body A body that nobody reads yet.
 * @param idleMs The longest silence, in milliseconds.
 */
export function withinIdleTime(
  body: ReadableStream<Uint8Array>,
  idleMs: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(() => silence.reject(new S3Error("RequestTimeout")), idleMs);
      try {
        const { done, value } = await Promise.race([reader.read(), silence.promise]);
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        reader.cancel(error).catch(() => {});
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
