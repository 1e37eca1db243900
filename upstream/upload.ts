/**
 * Sending a body while the answer is listened for.
 *
 * An origin may refuse an upload before it has read it, and hang up: what it said then must not be
 * lost in the reset (RFC 9112, section 9.6).
 *
 * @module
 */

/** How long a body waits to be asked for, in milliseconds: an origin may not know how to ask. */
const CONTINUE_MS = 1000;

/** A body that goes up. */
export interface Upload {
  /** Gives the bytes; when it errors, the request ends unfinished. */
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  /** The bytes that were read already, before the request was sent. */
  readonly first: Uint8Array | undefined;
  /** Their number. */
  readonly length: number;
  /** Whether it waits until the origin asks for it. */
  readonly expectContinue: boolean;
}

/** What a body is sent on. */
export interface UploadConnection {
  /** Sends bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Settles with the head of the answer, or the loss of the connection. */
  readonly answered: Promise<unknown>;
  /** Settles when the origin asks for the body. */
  readonly asked: Promise<void>;
}

/**
 * Sends a body, until it is whole or there is an answer.
 *
 * @returns Whether it was sent whole. If not, the answer has come, or the connection is lost.
 * @throws The body's own error; an Error if it is not as long as it was said to be.
 */
export async function sendBody(
  { reader, first, length, expectContinue }: Upload,
  { write, answered, asked }: UploadConnection,
): Promise<boolean> {
  let isOver = false;
  const stop = () => {
    isOver = true;
    reader.cancel().catch(() => {});
  };
  const over = answered.then(stop, stop);
  if (expectContinue) await within(CONTINUE_MS, Promise.race([asked, over]));
  let value = first;
  for (let left = length;;) {
    value ??= (await reader.read()).value;
    if (isOver) return false;
    if (value === undefined && left === 0) return true;
    left -= value?.length ?? 0;
    if (value === undefined || left < 0) {
      throw new Error(`a body of ${length} bytes has another length`);
    }
    try {
      await write(value);
    } catch {
      // The origin hung up; before that it may have answered.
      stop();
      return false;
    }
    value = undefined;
  }
}

/** Waits for what may never come. */
async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([awaited, late]);
  clearTimeout(timer);
}
