/**
 * The listener of our own: a strict HTTP/1.1 server over TCP, at less than half of what
 * `Deno.serve` costs a request.
 *
 * @module
 */
import { AcceptFailures } from "../accept_failures.ts";
import type { Listener, ListenerOptions } from "../listener.ts";
import { createRequestIds } from "../request_id.ts";
import type { Address } from "../setting.ts";
import { IDLE_TICKS, type Ticks } from "./client_wait.ts";
import { Connection } from "./connection.ts";
import { createDate } from "./date.ts";
import { OutputBuffers } from "./output_buffers.ts";
import { HeadParser } from "./request_head.ts";
import type { WireServices } from "./services.ts";

/**
 * Listens by itself. A client is cut that is silent for longer than `idleMs`, and by an eighth of
 * that at most, between its requests, within a head, or while it takes nothing of its answer.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.listen`.
 */
export function wireListener(options: ListenerOptions): Listener {
  return new WireListener(options);
}

class WireListener implements Listener, WireServices {
  readonly address: Address;
  readonly pipeline: WireServices["pipeline"];
  readonly parser = new HeadParser();
  readonly buffers = new OutputBuffers();
  readonly ticks: Ticks = { now: 0 };
  readonly nextId = createRequestIds();
  readonly date = createDate(Date.now);
  draining = false;
  readonly #listener: Deno.TcpListener;
  readonly #log: ListenerOptions["log"];
  readonly #connections = new Set<Connection>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #sweep: ReturnType<typeof setInterval>;

  constructor({ address, shared, pipeline, idleMs, log }: ListenerOptions) {
    this.#listener = Deno.listen({ ...address, reusePort: shared });
    const { hostname, port } = this.#listener.addr;
    this.address = { hostname, port };
    this.pipeline = pipeline;
    this.#log = log;
    this.#sweep = setInterval(() => this.#tick(), Math.max(1, idleMs / IDLE_TICKS));
    this.#acceptAll();
  }

  drain(): Promise<void> {
    if (!this.draining) {
      this.draining = true;
      this.#listener.close();
      for (const connection of this.#connections) connection.drain();
      this.#endIfLast();
    }
    return this.#ended.promise;
  }

  cut(): void {
    for (const connection of this.#connections) connection.cut();
  }

  onError(error: unknown): void {
    const told = error instanceof Error ? error.stack : String(error);
    this.#log("error", "request failed", { error: told });
  }

  async #acceptAll(): Promise<void> {
    const failures = new AcceptFailures(this.#log);
    while (!this.draining) {
      try {
        this.#serve(await this.#listener.accept());
      } catch (error) {
        if (this.draining) return;
        await failures.pause(error);
      }
    }
  }

  #serve(conn: Deno.TcpConn): void {
    const connection = new Connection(conn, this);
    this.#connections.add(connection);
    connection.serve().then(() => {
      this.#connections.delete(connection);
      this.#endIfLast();
    });
  }

  #endIfLast(): void {
    if (!this.draining || this.#connections.size > 0) return;
    clearInterval(this.#sweep);
    this.#ended.resolve();
  }

  #tick(): void {
    this.ticks.now++;
    const since = this.ticks.now - IDLE_TICKS - 1;
    for (const connection of this.#connections) connection.cutIfWaitingSince(since);
  }
}
