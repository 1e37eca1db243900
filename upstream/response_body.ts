/**
 * The body of an answer, read from its connection.
 *
 * RFC 9112, sections 6 and 7. A body that ends before it is whole is an error, never an end. So is
 * one behind whose last byte more has come with it: the origin and we do not agree where it ends.
 * What comes later belongs to nothing, and closes the connection.
 *
 * @module
 */
import type { ByteSource } from "./byte_source.ts";
import { ConnectionLost } from "./connection_lost.ts";
import type { ReceivedBytes } from "./received_bytes.ts";
import { type Framing, MalformedAnswer } from "./response_head.ts";

/** Bytes of a body that are read at once. */
const READ_BYTES = 256 * 1024;

/** A body of which less is to come is read into the connection's own memory, in bytes. */
const SHORT_BYTES = 64 * 1024;

/** Of a body of which as much is to come, most is read into its reader's own memory, in bytes. */
const LONG_BYTES = 128 * 1024;

/** The end of such a body, which is not, in bytes. */
const TAIL_BYTES = 16 * 1024;

/** Longest line between chunks or in a trailer, and most lines of a trailer. */
const MAX_LINE_BYTES = 4096;
const MAX_TRAILER_LINES = 64;

/** Buffers that are kept for the next body. */
const MOST_BUFFERS = 64;

const CHUNK_SIZE = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;.*)?$/;

/** Buffers for bodies, lent for as long as one is read. */
export class ReadBuffers {
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /** Lends a buffer. */
  lend(): Uint8Array<ArrayBuffer> {
    return this.#free.pop() ?? new Uint8Array(READ_BYTES);
  }

  /** Takes a buffer back. */
  takeBack(buffer: Uint8Array<ArrayBuffer>): void {
    if (this.#free.length < MOST_BUFFERS) this.#free.push(buffer);
  }
}

/** What a body needs of its connection. */
export interface BodyConnection {
  /** What it has brought. */
  readonly received: ReceivedBytes;
  /** Reads more bytes; says how many came, or `undefined` at the end of the connection. */
  fill(into?: Uint8Array): Promise<number | undefined>;
  /** Closes the connection; returns why it was closed. */
  close(reason: unknown): unknown;
}

/** What a body is read from, and by. */
export interface ResponseBodyOptions {
  /** Carries it. */
  readonly connection: BodyConnection;
  /** How its end is found. */
  readonly framing: Framing;
  /** Where buffers come from. */
  readonly buffers: ReadBuffers;
  /** Told, once, whether the body was read to its end. */
  readonly onEnd: (whole: boolean) => void;
}

/** A body. */
export class ResponseBody implements ByteSource {
  /** Its memory is used again for the next bytes. */
  readonly lasting = false;
  readonly #options: ResponseBodyOptions;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes that are to come of the body, or of the chunk. */
  #left: number;
  /** Whether the line that ends a chunk is to come. */
  #inChunks = false;
  #ended = false;

  /** @param options What it is read from, and by. */
  constructor(options: ResponseBodyOptions) {
    this.#options = options;
    this.#left = options.framing.kind === "length" ? options.framing.length : 0;
  }

  /** The next bytes, at once if they are there. */
  read(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    const { connection, framing } = this.#options;
    switch (framing.kind) {
      case "none":
        return this.#end(true);
      case "length":
        if (this.#left === 0) return this.#endExact();
        return connection.received.length > 0 ? this.#take() : this.#readOn();
      case "chunked":
        return this.#readChunks();
      case "until-close":
        return connection.received.length > 0
          ? connection.received.take(READ_BYTES)
          : this.#readToClose();
    }
  }

  /**
   * The next bytes of a long body of known length, straight from the connection. Its last bytes are
   * left to `read`, which sees if more come than were announced.
   */
  readInto(target: Uint8Array): Promise<number> | undefined {
    const { connection, framing } = this.#options;
    if (this.#ended || framing.kind !== "length" || this.#left < LONG_BYTES) return undefined;
    if (connection.received.length > 0) return undefined;
    return this.#receiveInto(target.subarray(0, this.#left - TAIL_BYTES));
  }

  /** Gives the body up, if it is not read to its end. */
  release(): void {
    if (this.#ended) return;
    const { connection, framing } = this.#options;
    const isWhole = framing.kind === "length" && this.#left === 0;
    this.#end(isWhole);
    if (!isWhole) connection.close(new DOMException("The reader left", "AbortError"));
  }

  /** The end of a body that tells where it is. */
  #endExact(): undefined {
    this.#holdExact(0);
    return this.#end(true);
  }

  /** Nothing has come behind a body of which `left` bytes are to come. */
  #holdExact(left: number): void {
    const { connection } = this.#options;
    if (left > 0 || connection.received.length === 0) return;
    throw connection.close(new MalformedAnswer("more than it announced"));
  }

  #end(whole: boolean): undefined {
    this.#ended = true;
    if (this.#buffer !== undefined) this.#options.buffers.takeBack(this.#buffer);
    this.#buffer = undefined;
    this.#options.onEnd(whole);
  }

  async #receive(target: Uint8Array): Promise<number> {
    const count = await this.#options.connection.fill(target);
    if (count === undefined) throw this.#lost();
    return count;
  }

  async #receiveInto(target: Uint8Array): Promise<number> {
    const count = await this.#receive(target);
    this.#left -= count;
    return count;
  }

  #take(): Uint8Array {
    const view = this.#options.connection.received.take(this.#left);
    this.#left -= view.length;
    if (this.#options.framing.kind === "length") this.#holdExact(this.#left);
    return view;
  }

  async #readOn(): Promise<Uint8Array> {
    const { connection, buffers } = this.#options;
    if (this.#left < SHORT_BYTES) {
      await this.#more();
      return this.#take();
    }
    const buffer = this.#buffer ??= buffers.lend();
    // One byte more than is to come, to see if there is one.
    const count = await this.#receive(buffer.subarray(0, this.#left + 1));
    if (count > this.#left) throw connection.close(new MalformedAnswer("more than it announced"));
    this.#left -= count;
    return buffer.subarray(0, count);
  }

  async #readChunks(): Promise<Uint8Array | undefined> {
    const { connection } = this.#options;
    for (;;) {
      if (this.#left > 0) {
        if (connection.received.length === 0) await this.#more();
        return this.#take();
      }
      const line = await this.#line();
      if (this.#inChunks) {
        if (line !== "") throw connection.close(new MalformedAnswer("a chunk of another length"));
        this.#inChunks = false;
        continue;
      }
      const size = CHUNK_SIZE.exec(line)?.[1];
      if (size === undefined) throw connection.close(new MalformedAnswer("a chunk without length"));
      this.#left = parseInt(size, 16);
      if (this.#left === 0) return await this.#readTrailer();
      this.#inChunks = true;
    }
  }

  async #readTrailer(): Promise<undefined> {
    for (let lines = 0; lines < MAX_TRAILER_LINES; lines++) {
      if (await this.#line() === "") return this.#endExact();
    }
    throw this.#options.connection.close(new MalformedAnswer("a long trailer"));
  }

  async #readToClose(): Promise<Uint8Array | undefined> {
    const { connection } = this.#options;
    if (await connection.fill() === undefined) return this.#end(true);
    return connection.received.take(READ_BYTES);
  }

  async #line(): Promise<string> {
    for (;;) {
      const line = this.#options.connection.received.takeLine(MAX_LINE_BYTES);
      if (line !== undefined) return line;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (await this.#options.connection.fill() === undefined) throw this.#lost();
  }

  #lost(): unknown {
    return this.#options.connection.close(new ConnectionLost("within a body"));
  }
}
