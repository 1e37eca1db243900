/**
 * Reads a connection by bytes, not by packets.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** The peer hung up in the middle of something. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** What a `ByteReader` reads from. */
export interface ByteSource {
  /** Fills `buffer` with at least one byte; `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** A source with a memory: bytes read and not yet asked for are kept for the next call. */
export class ByteReader {
  readonly #source: ByteSource;
  readonly #chunk = new Uint8Array(64 * 1024);
  #rest: Uint8Array = new Uint8Array(0);

  /** @param source The connection. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Everything up to and with a delimiter, as a Latin-1 string without it.
   *
   * @param delimiter What ends the text.
   * @param limit The most bytes to look at.
   * @returns The text, `undefined` at a clean end before its first byte.
   * @throws {RangeError} if the delimiter is not among the first `limit` bytes.
   * @throws {ConnectionLost} if the source ends within the text.
   */
  async readUntil(delimiter: string, limit: number): Promise<string | undefined> {
    while (true) {
      const text = Buffer.from(this.#rest.buffer, this.#rest.byteOffset, this.#rest.byteLength);
      const end = text.indexOf(delimiter, 0, "latin1");
      if (end >= 0 && end <= limit) {
        this.#rest = this.#rest.subarray(end + delimiter.length);
        return text.toString("latin1", 0, end);
      }
      if (end > limit || text.length > limit) throw new RangeError(`more than ${limit} bytes`);
      if (!(await this.#more())) {
        if (text.length === 0) return undefined;
        throw new ConnectionLost("the request ended within its head");
      }
    }
  }

  /**
   * The next bytes, as many as are there, at most `limit`.
   *
   * @throws {ConnectionLost} if the source has ended.
   */
  async readSome(limit: number): Promise<Uint8Array> {
    if (this.#rest.length === 0 && !(await this.#more())) {
      throw new ConnectionLost("the request ended within its body");
    }
    const taken = this.#rest.slice(0, limit);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Reads and forgets, up to `limit` bytes or the end. */
  async drain(limit: number): Promise<void> {
    let seen = 0;
    this.#rest = new Uint8Array(0);
    while (seen < limit) {
      const read = await this.#source.read(this.#chunk);
      if (read === null) return;
      seen += read;
    }
  }

  async #more(): Promise<boolean> {
    const read = await this.#source.read(this.#chunk);
    if (read === null) return false;
    const joined = new Uint8Array(this.#rest.length + read);
    joined.set(this.#rest);
    joined.set(this.#chunk.subarray(0, read), this.#rest.length);
    this.#rest = joined;
    return true;
  }
}
