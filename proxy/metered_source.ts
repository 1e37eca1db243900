/**
 * A body that tells how much of it was read, and when it ends.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";

/**
 * The same body.
 *
 * @param body A body that nobody reads yet.
 * @param onBytes Hears how many bytes are handed out.
 * @param onRelease Runs once, after the body was released.
 */
export function meteredSource(
  body: ByteSource,
  onBytes: (count: number) => void,
  onRelease: () => void,
): ByteSource {
  let released = false;
  const count = (view: Uint8Array | undefined) => {
    if (view !== undefined) onBytes(view.length);
    return view;
  };
  const { readInto } = body;
  return {
    lasting: body.lasting,
    readInto: readInto && ((target) =>
      readInto.call(body, target)?.then((bytes) => {
        onBytes(bytes);
        return bytes;
      })),
    read: () => {
      const view = body.read();
      return view instanceof Promise ? view.then(count) : count(view);
    },
    release: () => {
      body.release();
      if (released) return;
      released = true;
      onRelease();
    },
  };
}
