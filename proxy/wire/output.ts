/**
 * What is sent on a connection: small pieces are gathered in one buffer, large ones are sent from
 * where they lie.
 *
 * @module
 */
import type { ClientWait } from "./client_wait.ts";
import { LARGE_BYTES, type OutputBuffers, SMALL_BYTES } from "./output_buffers.ts";

/** A piece of at least as many bytes is sent by itself, unless it fits behind what is gathered. */
const SENT_APART_BYTES = 64 * 1024;

/** Bytes of a word of memory. */
const WORD_BYTES = 8;

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
  /** Where in the buffer what was gathered begins and ends. */
  #start = 0;
  #end = 0;

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
    // A character beyond ASCII takes two bytes until it is mended.
    const buffer = this.#room(text.length * 2);
    if (buffer === undefined) return this.#textApart(text);
    const { written } = encoder.encodeInto(text, buffer.subarray(this.#end));
    if (written !== text.length) writeLatin1(text, buffer, this.#end);
    this.#end += text.length;
  }

  /**
   * Adds bytes, which may change as soon as this is done.
   *
   * @returns A promise where something had to be sent first.
   * @throws As `text`.
   */
  bytes(view: Uint8Array): void | Promise<void> {
    const buffer = this.#room(view.length + WORD_BYTES);
    if (buffer === undefined) return this.#bytesApart(view);
    if (view.length > this.#end) this.#align(buffer, view.byteOffset);
    buffer.set(view, this.#end);
    this.#end += view.length;
  }

  /** Sends what was added; settles when the connection took it. */
  async flush(): Promise<void> {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    if (this.#end > this.#start) await this.#send(buffer.subarray(this.#start, this.#end));
    this.release();
  }

  /** Gives the buffer back, with what it holds. */
  release(): void {
    if (this.#buffer !== undefined) this.#buffers.give(this.#buffer);
    this.#buffer = undefined;
    this.#start = this.#end = 0;
  }

  /** The buffer, with room for some bytes behind what was gathered; `undefined` for too many. */
  #room(count: number): Uint8Array<ArrayBuffer> | undefined {
    const buffer = this.#buffer ??= this.#buffers.take(SMALL_BYTES);
    if (count <= buffer.length - this.#end) return buffer;
    if (count > LARGE_BYTES - this.#end || buffer.length === LARGE_BYTES) return undefined;
    const large = this.#buffers.take(LARGE_BYTES);
    large.set(buffer.subarray(this.#start, this.#end), this.#start);
    this.#buffers.give(buffer);
    return this.#buffer = large;
  }

  /**
   * Moves what was gathered so that its end lies in its word as a position lies in its own: shared
   * memory is copied word by word if both sides are aligned alike, else byte by byte, which takes
   * ten times as long.
   */
  #align(buffer: Uint8Array, position: number): void {
    const shift = (position - this.#end) & (WORD_BYTES - 1);
    if (shift === 0) return;
    buffer.copyWithin(this.#start + shift, this.#start, this.#end);
    this.#start += shift;
    this.#end += shift;
  }

  async #textApart(text: string): Promise<void> {
    const bytes = new Uint8Array(text.length);
    writeLatin1(text, bytes, 0);
    await this.#bytesApart(bytes);
  }

  async #bytesApart(view: Uint8Array): Promise<void> {
    await this.flush();
    if (view.length >= SENT_APART_BYTES) await this.#send(view);
    else await this.bytes(view);
  }

  async #send(view: Uint8Array): Promise<void> {
    try {
      this.#wait.begin();
      let sent = await this.#conn.write(view);
      while (sent < view.length) {
        this.#wait.begin();
        sent += await this.#conn.write(view.subarray(sent));
      }
      this.#wait.end();
    } catch (error) {
      throw new BrokenOff("the client left", { cause: error });
    }
  }
}

function writeLatin1(text: string, into: Uint8Array, at: number): void {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
}
