/**
 * The listener over `Deno.serve`, which speaks HTTP/2 too.
 *
 * @module
 */
import { AcceptFailures } from "./accept_failures.ts";
import { serveFront } from "./front.ts";
import { createGate, type Gate } from "./gate.ts";
import type { Listener, ListenerOptions } from "./listener.ts";
import type { Address } from "./setting.ts";

/**
 * Listens by `Deno.serve`. It knows no bound on a client's silence between requests, or on how
 * slowly it takes an answer.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.serve`.
 */
export function serveListener(options: ListenerOptions): Listener {
  return new ServeListener(options);
}

class ServeListener implements Listener {
  readonly address: Address;
  readonly #options: ListenerOptions;
  readonly #gate: Gate;
  readonly #front: ReturnType<typeof serveFront>;
  readonly #cutter = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #draining = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#gate = createGate(options.pipeline);
    this.#front = serveFront(this.#gate.handler);
    this.#server = this.#serve(options.address);
    const { hostname, port } = this.#server.addr;
    this.address = { hostname, port };
    this.#keepServing();
  }

  async drain(): Promise<void> {
    this.#draining = true;
    // A server that was shut down can no more be cut: first all has to end that takes its time.
    await this.#gate.shut();
    await this.#server.shutdown();
  }

  cut(): void {
    this.#cutter.abort();
  }

  #serve(address: Address): Deno.HttpServer<Deno.NetAddr> {
    const { log, shared } = this.#options;
    return Deno.serve({
      ...address,
      reusePort: shared,
      signal: this.#cutter.signal,
      onListen: () => {},
      onError: (error) => {
        const told = error instanceof Error ? error.stack : String(error);
        log("error", "request failed", { error: told });
        return new Response(null, { status: 500 });
      },
    }, this.#front);
  }

  /** Serves anew where a server ended by itself: one does where the system has no file left. */
  async #keepServing(): Promise<void> {
    const failures = new AcceptFailures(this.#options.log);
    for (;;) {
      try {
        await this.#server.finished;
        return;
      } catch (error) {
        if (this.#draining) return;
        await failures.pause(error);
      }
      if (this.#draining) return;
      try {
        this.#server = this.#serve(this.address);
      } catch {
        // The former one is still the last: it tells again why it ended.
      }
    }
  }
}
