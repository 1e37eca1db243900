/**
 * A client that costs little and looks at what it gets.
 *
 * @module
 */

/** An answer. */
export interface Answer {
  /** Its status. */
  readonly status: number;
  /** The head as it came, names as the server wrote them. */
  readonly head: string;
  /** The body: the connection's own memory, to be read before the next exchange. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** When the first byte of the body was here, as `performance.now()` tells it. */
  readonly firstByteAt: number;
}

/** What is read at a time at least, in bytes. */
const READ_BYTES = 256 * 1024;

/** One connection that is kept open; exchanges follow one another. */
export class Connection implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #encoder: TextEncoder = new TextEncoder();
  readonly #decoder: TextDecoder = new TextDecoder("latin1");
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(READ_BYTES);

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /**
   * Connects.
   *
   * @param url Scheme, host and port.
   */
  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay();
    return new Connection(connection);
  }

  /**
   * Sends a request, and reads its answer.
   *
   * @param request The whole of it.
   * @throws {Error} if the connection breaks, or an answer does not say how long it is.
   */
  async exchange(request: string): Promise<Answer> {
    const bytes = this.#encoder.encode(request);
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    let end = 0;
    let start = -1;
    while (start < 0) {
      end += await this.#read(end);
      start = headEnd(this.#buffer, end);
    }
    const head = this.#decoder.decode(this.#buffer.subarray(0, start));
    const status = Number(head.slice(9, 12));
    const length = bodyLength(head, status);
    let firstByteAt = end > start ? performance.now() : NaN;
    while (end < start + length) {
      this.#hold(start + length);
      end += await this.#read(end);
      if (Number.isNaN(firstByteAt)) firstByteAt = performance.now();
    }
    if (end > start + length) throw new Error("the answer is longer than it says");
    return { status, head, body: this.#buffer.subarray(start, end), firstByteAt };
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }

  async #read(at: number): Promise<number> {
    this.#hold(at + 1);
    const count = await this.#connection.read(this.#buffer.subarray(at));
    if (count === null) throw new Error("the connection was closed");
    return count;
  }

  #hold(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(bytes, 2 * this.#buffer.length));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

/** Where a body begins; -1 if the head is not all here. */
function headEnd(bytes: Uint8Array, end: number): number {
  for (let i = 0; i + 3 < end; i++) {
    if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) {
      return i + 4;
    }
  }
  return -1;
}

function bodyLength(head: string, status: number): number {
  if (status === 204 || status === 304) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer of unknown length: ${head}`);
  return Number(length);
}
