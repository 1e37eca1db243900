/**
 * What is sent on a connection: small pieces are gathered in one buffer, large ones are sent from
 * where they lie.
 *
 * @module
 */

import type { ClientWait } from "./client_wait.ts";

/** Bytes of a buffer. */
const BUFFER_BYTES = 72 * 1024;

/** A piece of at least as many bytes is sent by itself, unless it fits behind what is gathered. */
const LARGE_BYTES = 64 * 1024;

/** Most buffers that are kept while nobody needs them. */
const MAX_SPARE = 32;

/** The buffers of all connections: one is needed only while something is being sent. */
export class OutputBuffers {
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];

  /** A buffer that nobody else uses. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#spare.pop() ?? new Uint8Array(BUFFER_BYTES);
  }

  /** Gives one back. */
  give(buffer: Uint8Array<ArrayBuffer>): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }
}

const encoder = new TextEncoder();

/** An answer can't be sent to its end: its connection is of no further use. */
export class BrokenOff extends Error {
  /** The class's name. */
  override readonly name = "BrokenOff";
}

/** The sending half of a connection. */
export class Output {
  readonly #conn: Deno.TcpConn;
  readonly #buffers: OutputBuffers;
  readonly #wait: ClientWait;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #length = 0;

  /**
   * @param conn The connection.
   * @param buffers Those of all connections.
   * @param wait Told while the client has to take something.
   */
  constructor(conn: Deno.TcpConn, buffers: OutputBuffers, wait: ClientWait) {
    this.#conn = conn;
    this.#buffers = buffers;
    this.#wait = wait;
  }

  /**
   * Adds text, each of whose characters is a byte.
   *
   * @returns A promise where something had to be sent first.
   * @throws {BrokenOff} if the client left.
   */
  text(text: string): void | Promise<void> {
    const buffer = this.#buffer ??= this.#buffers.take();
    if (text.length * 3 > buffer.length - this.#length) return this.#textApart(text);
    const { written } = encoder.encodeInto(text, buffer.subarray(this.#length));
    if (written !== text.length) writeLatin1(text, buffer, this.#length);
    this.#length += text.length;
  }

  /**
   * Adds bytes, which may change as soon as this is done.
   *
   * @returns A promise where something had to be sent first.
   * @throws As `text`.
   */
  bytes(view: Uint8Array): void | Promise<void> {
    const buffer = this.#buffer ??= this.#buffers.take();
    if (view.length <= buffer.length - this.#length) {
      buffer.set(view, this.#length);
      this.#length += view.length;
      return;
    }
    return this.#bytesApart(view);
  }

  /** Sends what was added; settles when the connection took it. */
  async flush(): Promise<void> {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    if (this.#length > 0) await this.#send(buffer.subarray(0, this.#length));
    this.release();
  }

  /** Gives the buffer back, with what it holds. */
  release(): void {
    if (this.#buffer !== undefined) this.#buffers.give(this.#buffer);
    this.#buffer = undefined;
    this.#length = 0;
  }

  async #textApart(text: string): Promise<void> {
    const bytes = new Uint8Array(text.length);
    writeLatin1(text, bytes, 0);
    await this.#bytesApart(bytes);
  }

  async #bytesApart(view: Uint8Array): Promise<void> {
    await this.flush();
    if (view.length >= LARGE_BYTES) await this.#send(view);
    else await this.bytes(view);
  }

  async #send(view: Uint8Array): Promise<void> {
    let sent = await this.#write(view);
    while (sent < view.length) sent += await this.#write(view.subarray(sent));
    this.#wait.end();
  }

  async #write(view: Uint8Array): Promise<number> {
    this.#wait.begin();
    try {
      return await this.#conn.write(view);
    } catch (error) {
      throw new BrokenOff("the client left", { cause: error });
    }
  }
}

function writeLatin1(text: string, into: Uint8Array, at: number): void {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
}
