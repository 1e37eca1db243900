/**
 * What a client sends on a connection: one buffer that grows for a large head, and at most one
 * read in flight, which whoever needs bytes next waits for. So a read may be begun only to learn
 * whether the client leaves.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { MAX_HEAD_BYTES } from "./request_head.ts";

/** Bytes of a connection's buffer that holds no large head. */
const BUFFER_BYTES = 4 * 1024;

/** Most bytes that one read of a body brings. */
const BODY_READ_BYTES = 64 * 1024;

/** The receiving half of a connection. */
export class Input {
  /** Holds what came and was not used yet, from `start` up to `end`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Position of the first byte that was not used yet. */
  start = 0;
  /** Position after the last byte that came. */
  end = 0;
  /** Whether nothing more comes. */
  ended = false;
  readonly #conn: Deno.TcpConn;
  readonly #onEnd: () => void;
  #reading: Promise<void> | undefined;

  /**
   * @param conn The connection.
   * @param onEnd Called when the client has left, or sends no more.
   */
  constructor(conn: Deno.TcpConn, onEnd: () => void) {
    this.#conn = conn;
    this.#onEnd = onEnd;
  }

  /** Bytes that came and were not used yet. */
  get available(): number {
    return this.end - this.start;
  }

  /** Whether a read can be begun: neither is the buffer full nor the input at its end. */
  get hasRoom(): boolean {
    return !this.ended && this.available < MAX_HEAD_BYTES;
  }

  /**
   * Waits for more bytes in the buffer, or the end. To be called while `hasRoom` only.
   *
   * @returns Never rejects.
   */
  more(): Promise<void> {
    return this.#reading ??= this.#read();
  }

  /**
   * Bytes of a body, in memory of their own.
   *
   * @param most How many are wanted at most.
   * @returns At least one byte, or `undefined` at the end.
   */
  async take(most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.available === 0 && this.#reading === undefined && most >= BUFFER_BYTES) {
      return await this.#readApart(Math.min(most, BODY_READ_BYTES));
    }
    while (this.available === 0) {
      if (this.ended) return undefined;
      await this.more();
    }
    const taken = new Uint8Array(Math.min(most, this.available));
    taken.set(this.bytes.subarray(this.start, this.start + taken.length));
    this.start += taken.length;
    return taken;
  }

  /** Gives up the memory of a large head, once it was used. */
  shrink(): void {
    if (this.bytes.length === BUFFER_BYTES || this.available > 0) return;
    if (this.#reading !== undefined) return;
    this.bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.start = this.end = 0;
  }

  #read(): Promise<void> {
    this.#makeRoom();
    const { bytes, end } = this;
    return this.#conn.read(end === 0 ? bytes : bytes.subarray(end)).then(
      this.#onRead,
      this.#onFail,
    );
  }

  readonly #onRead = (count: number | null): void => {
    this.#reading = undefined;
    if (count === null) this.#endHere();
    else this.end += count;
  };

  /** A connection that was reset, or that we closed: nothing more comes. */
  readonly #onFail = (): void => {
    this.#reading = undefined;
    this.#endHere();
  };

  #endHere(): void {
    this.ended = true;
    this.#onEnd();
  }

  /** Reads past the buffer, which is empty. */
  async #readApart(size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = new Uint8Array(size);
    const count = await this.#conn.read(bytes).catch(() => null);
    if (count !== null) return bytes.subarray(0, count);
    this.#endHere();
    return undefined;
  }

  #makeRoom(): void {
    const { bytes, start, available } = this;
    if (available === 0) {
      this.start = this.end = 0;
    } else if (this.end === bytes.length) {
      const wider = start > 0 ? bytes : Buffer.allocUnsafeSlow(bytes.length * 2);
      wider.set(bytes.subarray(start, this.end));
      this.bytes = wider;
      this.start = 0;
      this.end = available;
    }
  }
}
