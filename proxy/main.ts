/**
 * The command line: arguments, settings, signals, exit status.
 *
 * @module
 */
import { ConfigError, readConfig } from "./config.ts";
import { helpText } from "./help.ts";
import { type RunningProxy, startProxy } from "./supervisor.ts";
import type { Config } from "./settings.ts";
import { VERSION } from "./version.ts";

/**
 * Runs the proxy until SIGTERM or SIGINT.
 *
 * @param args The arguments: none, `--help` or `--version`.
 * @param env Gives the text of an environment variable.
 * @returns The exit status: 0 after a signal, 1 if it can't listen or a worker hangs, 2 for wrong
 * settings or arguments.
 */
export async function main(
  args: readonly string[],
  env: (name: string) => string | undefined,
): Promise<number> {
  const [argument] = args;
  if (argument === "--help" || argument === "-h") return print(helpText());
  if (argument === "--version" || argument === "-V") return print(`s3-edge-cache ${VERSION}\n`);
  if (argument !== undefined) {
    console.error(`unknown argument ${JSON.stringify(argument)}; allowed: --help, --version`);
    return 2;
  }
  try {
    return await serve(readConfig(env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) console.error(fault);
    console.error("deno task start --help lists every setting");
    return 2;
  }
}

async function serve(config: Config): Promise<number> {
  let proxy: RunningProxy;
  try {
    proxy = await startProxy(config);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    console.error(`can't listen: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
  const end = await Promise.race([
    signalled("SIGTERM", "SIGINT").then(() => 0),
    proxy.broken.then(() => 1),
  ]);
  await proxy.drain();
  return end;
}

/** Settles at the first of these signals; a second one then ends the process as by default. */
async function signalled(...signals: Deno.Signal[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onSignal = () => resolve();
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  await promise;
  for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
}

function print(text: string): number {
  console.log(text.trimEnd());
  return 0;
}
