/**
 * The bytes of a fill as the body of an answer.
 *
 * @module
 */
import type { Follower } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";

/**
 * The bytes as they land; a fill that breaks off breaks the body off. The follower is released
 * with the body.
 *
 * @param follower Reads along from the first byte.
 * @param onRelease Runs once after the follower was released.
 */
export function followerBody(follower: Follower<unknown>, onRelease?: () => void): ByteSource {
  let released = false;
  return {
    lasting: true,
    read: () => follower.read(),
    release: () => {
      if (released) return;
      released = true;
      follower.release();
      onRelease?.();
    },
  };
}
