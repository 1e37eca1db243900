/**
 * The connections that carry reads.
 *
 * @module
 */
import { S3Error } from "@s3-edge-cache/s3";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { UpstreamOptions } from "./options.ts";
import { ReadBuffers } from "./response_body.ts";
import { ResponseHeads } from "./response_head.ts";

/** How often deadlines are looked at, in milliseconds, at most; shorter limits are looked at more. */
const SWEEP_MS = 1000;

/** Somebody who waits for a connection. */
interface Waiter {
  readonly resolve: (connection: Connection | Promise<Connection>) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Connections to one origin, kept while they may be used again. */
export class ConnectionPool {
  readonly #options: UpstreamOptions;
  readonly #address: { readonly hostname: string; readonly port: number; readonly tls: boolean };
  readonly #surroundings: ConnectionOptions;
  readonly #open: Set<Connection> = new Set();
  readonly #idle: Connection[] = [];
  readonly #waiters: Waiter[] = [];
  #connecting = 0;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  /** @param options The origin, and the bounds on waiting for it. */
  constructor(options: UpstreamOptions) {
    this.#options = options;
    const { protocol, hostname, port } = new URL(options.endpoint.origin);
    const tls = protocol === "https:";
    this.#address = {
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (tls ? 443 : 80) : Number(port),
      tls,
    };
    const { firstByteTimeoutMs, idleTimeoutMs, now } = options;
    this.#surroundings = {
      firstByteTimeoutMs,
      idleTimeoutMs,
      now,
      heads: new ResponseHeads(),
      buffers: new ReadBuffers(),
      onIdle: (connection) => this.#handOn(connection),
      onClose: (connection) => this.#forget(connection),
    };
  }

  /**
   * A connection that nobody uses; the one used last comes first.
   *
   * @throws {S3Error} SlowDown if none comes free as long as it may take to connect; GatewayTimeout
   * if connecting takes longer.
   * @throws The error of Deno if it can't connect.
   */
  acquire(): Connection | Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#open.size + this.#connecting < this.#options.maxConnections) return this.#connect();
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const waiter: Waiter = {
      resolve,
      timer: setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(
          new S3Error("SlowDown", {
            message: "Every connection to the storage behind this endpoint is in use.",
          }),
        );
      }, this.#options.connectTimeoutMs),
    };
    this.#waiters.push(waiter);
    return promise;
  }

  /** Closes every connection. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    const reason = new DOMException("The client is closed", "AbortError");
    for (const connection of [...this.#open]) connection.close(reason);
  }

  async #connect(): Promise<Connection> {
    this.#connecting++;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#options.connectTimeoutMs);
    try {
      const conn = await dial(this.#address, late.signal);
      if (this.#closed) {
        conn.close();
        throw new DOMException("The client is closed", "AbortError");
      }
      const connection = new Connection(conn, this.#surroundings);
      this.#open.add(connection);
      this.#watch();
      return connection;
    } catch (error) {
      if (!late.signal.aborted) throw error;
      throw new S3Error("GatewayTimeout", { cause: new Error("the origin can't be connected to") });
    } finally {
      clearTimeout(timer);
      this.#connecting--;
    }
  }

  /** A connection has done its exchange. */
  #handOn(connection: Connection): void {
    const waiter = this.#nextWaiter();
    if (waiter !== undefined) return waiter.resolve(connection);
    this.#idle.push(connection);
    connection.rest();
  }

  /** A connection is closed: another one may be opened in its place. */
  #forget(connection: Connection): void {
    this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (!this.#closed) this.#nextWaiter()?.resolve(this.#connect());
  }

  #nextWaiter(): Waiter | undefined {
    const waiter = this.#waiters.shift();
    clearTimeout(waiter?.timer);
    return waiter;
  }

  /** Closes what has waited too long for the origin, or idle for somebody who needs it. */
  #watch(): void {
    if (this.#sweep !== undefined) return;
    const { firstByteTimeoutMs, idleTimeoutMs, now } = this.#options;
    const everyMs = Math.max(10, Math.min(SWEEP_MS, firstByteTimeoutMs / 4, idleTimeoutMs / 4));
    this.#sweep = setInterval(() => {
      const time = now();
      for (const connection of this.#open) if (connection.deadline < time) connection.expire();
    }, everyMs);
    Deno.unrefTimer(this.#sweep as unknown as number);
  }
}

async function dial(
  { hostname, port, tls }: { hostname: string; port: number; tls: boolean },
  signal: AbortSignal,
): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname, port, signal });
  conn.setNoDelay(true);
  if (!tls) return conn;
  const secured = await Deno.startTls(conn, { hostname });
  const close = () => secured.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    await secured.handshake();
  } catch (error) {
    if (!signal.aborted) secured.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
  return secured;
}
