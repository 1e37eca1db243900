/**
 * The bytes of a fill as the body of an answer.
 *
 * @module
 */
import type { Follower } from "@s3-edge-cache/cache";

/**
 * The bytes as they land; a fill that breaks off breaks the body off. The follower is released
 * when the answer has been sent or its reader is gone: until then the views are being sent.
 *
 * @param follower Reads along from the first byte.
 * @param completed Settles when the answer has been sent or can't be.
 */
export function followerBody(
  follower: Follower<unknown>,
  completed: Promise<void>,
): ReadableStream<Uint8Array> {
  const release = () => follower.release();
  completed.then(release, release);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const read = follower.read();
      const view = read instanceof Promise ? await read : read;
      if (view === undefined) controller.close();
      else controller.enqueue(view);
    },
    cancel: release,
  }, { highWaterMark: 0 });
}
