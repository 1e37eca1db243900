/**
 * Where the origin's connections come from; can go away and come back.
 *
 * @module
 */
import { ConnectionLost } from "./byte_reader.ts";
import { type ConnectionHandler, serveConnection } from "./http_connection.ts";

/** A listener on one port of 127.0.0.1. */
export class Listener {
  /** The port; the same for good. */
  readonly port: number;
  /** What failed within the origin itself. */
  readonly failures: unknown[] = [];
  readonly #handlerOf: (connection: number) => ConnectionHandler;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #running = new Set<Promise<void>>();
  #socket: Deno.TcpListener | undefined;
  #accepted = 0;

  /**
   * Listens on a free port.
   *
   * @param handlerOf Who answers the connection of this number.
   */
  constructor(handlerOf: (connection: number) => ConnectionHandler) {
    this.#handlerOf = handlerOf;
    this.port = this.#listen(0);
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Listens, if it does not. */
  open(): void {
    if (this.#socket === undefined) this.#listen(this.port);
  }

  /** Hangs up every connection; the listener stays. */
  hangUp(): void {
    for (const conn of this.#connections) closeQuietly(conn);
  }

  /** Hangs up every connection and refuses what comes. */
  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    this.hangUp();
    await Promise.all(this.#running);
  }

  #listen(port: number): number {
    this.#socket = Deno.listen({ hostname: "127.0.0.1", port });
    this.#track(this.#accept(this.#socket));
    return this.#socket.addr.port;
  }

  async #accept(socket: Deno.TcpListener): Promise<void> {
    for await (const conn of socket) this.#track(this.#serve(conn));
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    this.#connections.add(conn);
    try {
      conn.setNoDelay(true);
      await serveConnection(conn, this.#handlerOf(++this.#accepted));
    } finally {
      this.#connections.delete(conn);
      closeQuietly(conn);
    }
  }

  /** Keeps sight of work under way, and of what goes wrong in it. */
  #track(work: Promise<void>): void {
    const watched = work.catch((error) => {
      if (!isHangUp(error)) this.failures.push(error);
    }).finally(() => this.#running.delete(watched));
    this.#running.add(watched);
  }
}

/** Closes a connection that may be closed already. */
function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Whether an error only says that the peer, or we, hung up. */
function isHangUp(error: unknown): boolean {
  return error instanceof ConnectionLost || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionAborted;
}
