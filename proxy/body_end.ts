/**
 * Acting at the end of a body.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";

/**
 * The same body, seen through: `end` has run before its reader sees the end, whole or with an
 * error. When the reader leaves, the rest is read and thrown away: the body tells when whoever
 * sends it is done.
 *
 * @param body A body that nobody reads yet.
 * @param end Runs once; told the error where there is one.
 */
export function onBodyEnd(
  body: ByteSource,
  end: (error?: unknown) => void | Promise<void>,
): ByteSource {
  let ended = false;
  const settle = async (error?: unknown) => {
    ended = true;
    await end(error);
    body.release();
  };
  const read = async () => {
    if (ended) return undefined;
    try {
      const view = await body.read();
      if (view === undefined) await settle();
      return view;
    } catch (error) {
      if (!ended) await settle(error);
      throw error;
    }
  };
  let released = false;
  return {
    lasting: body.lasting,
    read,
    release: () => {
      if (released) return;
      released = true;
      readOut(read).catch(() => {});
    },
  };
}

async function readOut(read: () => Promise<Uint8Array | undefined>): Promise<void> {
  while (await read() !== undefined);
}
