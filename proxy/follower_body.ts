/**
 * The bytes of a fill as the body of an answer.
 *
 * @module
 */
import type { Follower } from "@s3-edge-cache/cache";
import type { ByteSource } from "@s3-edge-cache/upstream";
import type { EntryRecord } from "./entry_record.ts";
import type { HeldObject } from "./entry_response.ts";

/** An object of known size that is being filled. */
export interface FilledObject extends HeldObject {
  /** Reads along from the first byte. */
  readonly follower: Follower<EntryRecord>;
}

/** A part of an object as its bytes land. */
export function filledBody(
  { follower, size }: FilledObject,
  start: number,
  end: number,
): ByteSource {
  const body = followerBody(follower);
  if (start === 0 && end === size) return body;
  let position = 0;
  return {
    lasting: true,
    read: async () => {
      while (position < end) {
        const view = await body.read();
        if (view === undefined) return undefined;
        const from = Math.max(start - position, 0);
        const to = Math.min(end - position, view.length);
        position += view.length;
        if (from < to) return view.subarray(from, to);
      }
      return undefined;
    },
    release: body.release,
  };
}

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
