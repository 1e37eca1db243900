/**
 * The command: `deno task start`.
 *
 * @module
 */
import { main } from "@s3-edge-cache/proxy";

if (import.meta.main) {
  Deno.exit(await main(Deno.args, (name) => Deno.env.get(name)));
}
