/**
 * `deno task sim`: the simulator.
 *
 * @module
 */
import { runCommand } from "./command.ts";

if (import.meta.main) {
  Deno.exit(
    await runCommand(Deno.args, {
      print: (text) => console.log(text),
      tell: (line) => console.error(line),
      terminal: Deno.stderr.isTerminal(),
    }),
  );
}
