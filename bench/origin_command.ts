/**
 * The origin of the bench as a process of its own. Its first line says where it listens.
 *
 * @module
 */
import { BenchOrigin, type EtagForm } from "./origin.ts";

if (import.meta.main) {
  const [port, etagForm] = Deno.args;
  const origin = new BenchOrigin(etagForm as EtagForm);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(port) });
  console.log(`http://127.0.0.1:${listener.addr.port}`);
  for await (const connection of listener) {
    connection.setNoDelay();
    origin.serve(connection);
  }
}
