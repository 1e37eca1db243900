/**
 * `deno task bench`: what the proxy costs, under load and over time.
 *
 * @module
 */
import { endDescendants } from "./process_usage.ts";
import { UsageError } from "./flags.ts";
import { CHURN_USAGE, churnCommand } from "./churn_command.ts";
import { ENTRIES_USAGE, entriesCommand } from "./entries_command.ts";
import { FIRST_BYTE_USAGE, firstByteCommand } from "./first_byte_command.ts";
import { KILLS_USAGE, killsCommand } from "./kills_command.ts";
import { LOAD_USAGE, loadCommand } from "./load_command.ts";
import { RECORD_USAGE, recordCommand } from "./record_command.ts";

interface Command {
  readonly usage: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  load: { usage: LOAD_USAGE, run: loadCommand },
  kills: { usage: KILLS_USAGE, run: killsCommand },
  entries: { usage: ENTRIES_USAGE, run: entriesCommand },
  "first-byte": { usage: FIRST_BYTE_USAGE, run: firstByteCommand },
  record: { usage: RECORD_USAGE, run: recordCommand },
  churn: { usage: CHURN_USAGE, run: churnCommand },
};

/** Runs a command; returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const named = args[0] !== undefined && Object.hasOwn(COMMANDS, args[0]) ? args[0] : undefined;
  const command = COMMANDS[named ?? "load"]!;
  const flags = named === undefined ? args : args.slice(1);
  if (flags.includes("--help") || flags.includes("-h")) {
    console.log(command.usage.trimEnd());
    return 0;
  }
  try {
    return await command.run(flags);
  } catch (error) {
    console.error((error as Error).message);
    if (!(error instanceof UsageError)) return 1;
    console.error("deno task bench --help lists every flag");
    return 2;
  }
}

/** Ends at a signal, and those that were started with it. */
async function endAtSignal(): Promise<void> {
  await endDescendants(Deno.pid);
  Deno.exit(130);
}

if (import.meta.main) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, endAtSignal);
  }
  Deno.exit(await main(Deno.args));
}
