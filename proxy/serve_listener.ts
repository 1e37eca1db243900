/**
 * The listener over `Deno.serve`, which speaks HTTP/2 too.
 *
 * @module
 */
import { serveFront } from "./front.ts";
import { createGate } from "./gate.ts";
import type { Listener, ListenerOptions } from "./listener.ts";

/**
 * Listens by `Deno.serve`. It knows no bound on a client's silence between requests.
 *
 * @throws {Deno.errors.AddrInUse} and the other errors of `Deno.serve`.
 */
export function serveListener(options: ListenerOptions): Listener {
  const gate = createGate(options.pipeline);
  const cutter = new AbortController();
  const server = Deno.serve({
    ...options.address,
    reusePort: options.shared,
    signal: cutter.signal,
    onListen: () => {},
    onError: (error) => {
      const told = error instanceof Error ? error.stack : String(error);
      options.log("error", "request failed", { error: told });
      return new Response(null, { status: 500 });
    },
  }, serveFront(gate.handler));
  return {
    address: { hostname: server.addr.hostname, port: server.addr.port },
    drain: () => gate.shut().then(() => server.shutdown()),
    cut: () => cutter.abort(),
  };
}
