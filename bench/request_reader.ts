/**
 * Reads the requests of a connection, their bodies thrown away.
 *
 * @module
 */

/** The first line of a request. */
export interface RequestHead {
  /** The method in upper case. */
  readonly method: string;
  /** The raw path, without query. */
  readonly path: string;
}

/** The longest head that is taken, in bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

const CR = 13;
const LF = 10;

/** Requests of one connection, one after the other. */
export class RequestReader {
  readonly #connection: Pick<Deno.Conn, "read">;
  readonly #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(MAX_HEAD_BYTES);
  #end = 0;

  /** @param connection Where the requests come from. */
  constructor(connection: Pick<Deno.Conn, "read">) {
    this.#connection = connection;
  }

  /**
   * The next request, once its body has been passed over.
   *
   * @returns `undefined` at the end of the connection.
   * @throws {Error} if a head is longer than 64 KiB.
   */
  async next(): Promise<RequestHead | undefined> {
    let end = this.#headEnd(0);
    while (end < 0) {
      const before = this.#end;
      if (before === this.#buffer.length) throw new Error("the head is too long");
      if (!await this.#fill()) return undefined;
      end = this.#headEnd(Math.max(0, before - 3));
    }
    const head = latin1(this.#buffer.subarray(0, end));
    this.#consume(end);
    await this.#skip(Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0));
    const [method = "", target = ""] = head.split(" ", 2);
    return { method, path: target.split("?", 1)[0]! };
  }

  async #fill(): Promise<boolean> {
    const count = await this.#connection.read(this.#buffer.subarray(this.#end));
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  async #skip(bytes: number): Promise<void> {
    for (let rest = bytes;;) {
      const step = Math.min(rest, this.#end);
      this.#consume(step);
      rest -= step;
      if (rest === 0) return;
      if (!await this.#fill()) throw new Error("the body is cut");
    }
  }

  #consume(bytes: number): void {
    this.#buffer.copyWithin(0, bytes, this.#end);
    this.#end -= bytes;
  }

  /** Where the head ends, its empty line included; -1 if it is not all here. */
  #headEnd(from: number): number {
    const bytes = this.#buffer;
    for (let i = from; i + 3 < this.#end; i++) {
      if (bytes[i] === CR && bytes[i + 1] === LF && bytes[i + 2] === CR && bytes[i + 3] === LF) {
        return i + 4;
      }
    }
    return -1;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}
