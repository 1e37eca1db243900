/**
 * Seeing a body through to its end.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";

/** What is done with a body that passes. */
export interface BodyWatch {
  /** Sees each piece before its reader does. */
  readonly onView: (view: Uint8Array) => void;
  /**
   * Runs once all of it has passed: before its reader sees the last piece, or the end; at once for
   * a body of no bytes.
   */
  readonly onComplete: () => void;
  /** Runs when the body is released, complete or not. */
  readonly onRelease: () => void;
}

/**
 * The same body, watched.
 *
 * @param body A body that nobody reads yet.
 * @param size Its length in bytes, `undefined` where it is not known. A reader that knows the length
 * may leave without asking for the end.
 * @param watch What is done with it.
 */
export function watchedBody(
  body: ByteSource,
  size: number | undefined,
  { onView, onComplete, onRelease }: BodyWatch,
): ByteSource {
  let length = 0;
  let isComplete = false;
  const completeAt = (isEnd: boolean) => {
    if (isComplete || (isEnd ? size !== undefined && length !== size : length !== size)) return;
    isComplete = true;
    onComplete();
  };
  completeAt(false);
  const pass = (view: Uint8Array | undefined) => {
    if (view !== undefined) {
      onView(view);
      length += view.length;
    }
    completeAt(view === undefined);
    return view;
  };
  return {
    lasting: body.lasting,
    read: () => {
      const view = body.read();
      return view instanceof Promise ? view.then(pass) : pass(view);
    },
    release: () => {
      onRelease();
      body.release();
    },
  };
}
