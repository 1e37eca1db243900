/**
 * A connection to the origin that carries requests, one after the other.
 *
 * Invariants:
 * - While it is idle a read is pending, so that the origin's hanging up is known before the next
 *   request is sent; the same read then brings the first bytes of the answer.
 * - What `body` handed out lies in the connection's memory: the connection is given back no earlier
 *   than at the next `read`, or the release.
 * - A connection on which anything went wrong is closed and never used again.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import type { UpstreamResponse } from "./client.ts";
import { ReceivedBytes } from "./received_bytes.ts";
import { type ReadBuffers, ResponseBody } from "./response_body.ts";
import { ConnectionLost } from "./connection_lost.ts";
import type { ResponseHead, ResponseHeads } from "./response_head.ts";
import { sendBody, type Upload } from "./upload.ts";

/** How long a connection that nobody needs is kept, in milliseconds. */
const IDLE_MS = 30_000;

/** What a connection is told of its surroundings. */
export interface ConnectionOptions {
  /** Reads heads. */
  readonly heads: ResponseHeads;
  /** Buffers for bodies. */
  readonly buffers: ReadBuffers;
  /** Longest wait for the head of an answer, in milliseconds. */
  readonly firstByteTimeoutMs: number;
  /** Longest silence within a body, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Told when the connection may be used again. */
  readonly onIdle: (connection: Connection) => void;
  /** Told, once, when it is closed. */
  readonly onClose: (connection: Connection) => void;
}

/** One connection. */
export class Connection {
  /** Whether it has carried an exchange before. */
  reused = false;
  /** When whoever waits for the origin has waited long enough, in milliseconds since the epoch. */
  deadline = Infinity;
  /** What it has brought. */
  readonly received: ReceivedBytes = new ReceivedBytes();
  readonly #conn: Deno.Conn;
  readonly #options: ConnectionOptions;
  #pending: Promise<number | null> | undefined;
  #idle = false;
  #closed: unknown;

  /**
   * @param conn The connection, that nothing was sent on.
   * @param options Its surroundings.
   */
  constructor(conn: Deno.Conn, options: ConnectionOptions) {
    this.#conn = conn;
    this.#options = options;
  }

  /**
   * Sends a request and reads the head of its answer.
   *
   * @param request The request's head.
   * @param method Its method.
   * @param signal Ends the exchange.
   * @param upload Its body; `undefined` for none.
   * @throws The body's own error; {@linkcode ConnectionLost} if the origin hangs up;
   * MalformedAnswer; S3Error GatewayTimeout; the signal's reason.
   */
  async exchange(
    request: Uint8Array,
    method: string,
    signal: AbortSignal | undefined,
    upload: Upload | undefined,
  ): Promise<UpstreamResponse> {
    this.#idle = false;
    const abort = () => this.close(abortReason(signal!));
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
    const settle = () => signal?.removeEventListener("abort", abort);
    this.deadline = this.#options.now() + this.#options.firstByteTimeoutMs;
    try {
      await this.#write(request);
      const head = upload === undefined
        ? await this.#readHead(method)
        : await this.#upload(upload, method);
      this.deadline = Infinity;
      const { status, headers, framing, keepAlive } = head;
      if (framing.kind !== "none") {
        const { buffers } = this.#options;
        const onEnd = (whole: boolean) => {
          settle();
          this.#giveBack(whole && keepAlive);
        };
        const body = new ResponseBody({ connection: this, framing, buffers, onEnd });
        return { status, headers, body };
      }
      settle();
      this.#giveBack(keepAlive);
      return { status, headers, body: null };
    } catch (error) {
      settle();
      throw this.close(error);
    }
  }

  /** Keeps a read pending while nothing is asked: whatever comes of it, the connection is no good. */
  rest(): void {
    this.#idle = true;
    this.deadline = this.#options.now() + IDLE_MS;
    const gone = () => this.#idle && this.close(new ConnectionLost("while idle"));
    this.#read().then(gone, gone);
  }

  /** Closes the connection; returns why it was closed: the first reason counts. */
  close(reason: unknown): unknown {
    if (this.#closed !== undefined) return this.#closed;
    this.#closed = reason;
    this.deadline = Infinity;
    try {
      this.#conn.close();
    } catch {
      // Closed by the system already.
    }
    this.#options.onClose(this);
    return reason;
  }

  /** The wait for the origin has been too long. */
  expire(): void {
    this.close(new S3Error("GatewayTimeout", { cause: new Error("the origin was silent") }));
  }

  /**
   * Reads more bytes from the origin, within the time that it may be silent.
   *
   * @param into Memory to read into in place of the connection's own.
   * @returns How many came, or `undefined` at the end of the connection.
   */
  async fill(into?: Uint8Array): Promise<number | undefined> {
    this.deadline = this.#options.now() + this.#options.idleTimeoutMs;
    try {
      if (into !== undefined) return await this.#conn.read(into) ?? undefined;
      const count = await this.#read();
      if (count === null) return undefined;
      this.received.add(count);
      return count;
    } catch (error) {
      throw this.close(error);
    } finally {
      this.deadline = Infinity;
    }
  }

  /** Sends a body; after an answer that came before its end the connection is no good. */
  async #upload(upload: Upload, method: string): Promise<ResponseHead> {
    const { firstByteTimeoutMs, idleTimeoutMs, now } = this.#options;
    const asked = Promise.withResolvers<void>();
    const answered = this.#readHead(method, asked.resolve);
    const write = async (bytes: Uint8Array) => {
      this.deadline = now() + idleTimeoutMs;
      await this.#write(bytes);
      this.deadline = Infinity;
    };
    this.deadline = Infinity;
    const isWhole = await sendBody(upload, { write, answered, asked: asked.promise });
    this.deadline = now() + firstByteTimeoutMs;
    const head = await answered;
    return isWhole ? head : { ...head, keepAlive: false };
  }

  async #readHead(method: string, onContinue?: () => void): Promise<ResponseHead> {
    for (;;) {
      const text = this.received.takeHead();
      if (text === undefined) {
        const count = await this.#read();
        if (count === null) throw new ConnectionLost("before its answer");
        this.received.add(count);
        continue;
      }
      const head = this.#options.heads.parse(text, method);
      if (head.status >= 200) return head;
      if (head.status === 100) onContinue?.();
    }
  }

  /** The read that is pending, or another one, behind the bytes that are there. */
  #read(): Promise<number | null> {
    if (this.#pending === undefined) {
      const done = () => this.#pending = undefined;
      this.#pending = this.#conn.read(this.received.room());
      this.#pending.then(done, done);
    }
    return this.#pending;
  }

  async #write(request: Uint8Array): Promise<void> {
    for (let sent = 0; sent < request.length;) {
      sent += await this.#conn.write(sent === 0 ? request : request.subarray(sent));
    }
  }

  #giveBack(usable: boolean): void {
    if (this.#closed !== undefined) return;
    if (!usable || this.received.length > 0) {
      return void this.close(new ConnectionLost("after its answer"));
    }
    this.received.reset();
    this.reused = true;
    this.#options.onIdle(this);
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new DOMException("The request was given up", "AbortError");
}
