/**
 * The beginning of a body, read ahead, and the body again with it.
 *
 * @module
 */
import type { ByteSource } from "@s3-edge-cache/upstream";

/** What was read of a body. */
export interface Beginning {
  /** The bytes in one piece. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether they are the whole body. */
  readonly isWhole: boolean;
}

/**
 * Reads a body up to a number of bytes, or a little beyond it: to the end of a view. Where it
 * breaks off before, the beginning ends there, and the next read tells the error.
 *
 * @param body A body that nobody reads yet; what follows is read from it.
 * @param enough The number of bytes.
 */
export async function readBeginning(body: ByteSource, enough: number): Promise<Beginning> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < enough) {
      const view = await body.read();
      if (view === undefined) return { bytes: concatenated(chunks), isWhole: true };
      chunks.push(view.slice());
      length += view.length;
    }
  } catch {
    // Whoever reads on hears of it.
  }
  return { bytes: concatenated(chunks), isWhole: false };
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
 * A body of chunks and of what a source gives after them.
 *
 * @param chunks Its beginning.
 * @param rest Its rest; released with it.
 */
export function continued(chunks: readonly Uint8Array[], rest: ByteSource): ByteSource {
  const left = chunks.filter((chunk) => chunk.length > 0);
  return {
    lasting: rest.lasting,
    read: () => left.shift() ?? rest.read(),
    release: () => rest.release(),
  };
}
