/**
 * Servers that the bench starts, and ends.
 *
 * @module
 */
import { usageOf } from "./process_usage.ts";
import type { RunningTarget } from "./target.ts";

/** How long a server may take until it listens, in milliseconds. */
const START_PATIENCE_MS = 30_000;

/** How long a server may take to end when it is told, in milliseconds. */
const END_PATIENCE_MS = 10_000;

/** How long between two looks whether a server listens, in milliseconds. */
const LOOK_MS = 20;

/** Variables that a program needs to be found, and Deno to find what it has cached. */
const INHERITED = ["HOME", "DENO_DIR", "PATH"];

/** What to start. */
export interface ServerCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Its variables, besides those of its surroundings that it can't do without. */
  readonly env?: Readonly<Record<string, string>>;
  /** The port of 127.0.0.1 on which it will listen. */
  readonly port: number;
  /** Whether it shows what it writes to stderr. */
  readonly shown?: boolean;
}

/** A port of 127.0.0.1 that is free now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The variables that every child inherits. */
export function inheritedEnv(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1" };
  for (const name of INHERITED) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Starts a server, and waits until it listens.
 *
 * @throws {Error} if it ends before, or does not listen in time.
 */
export async function startServer(server: ServerCommand): Promise<RunningTarget> {
  const [program, ...args] = server.command;
  const child = new Deno.Command(program!, {
    args,
    clearEnv: true,
    env: { ...inheritedEnv(), ...server.env },
    stdin: "null",
    stdout: "null",
    stderr: server.shown === false ? "null" : "inherit",
  }).spawn();
  let ended = false;
  const status = child.status.then(() => void (ended = true));
  const end = async () => {
    if (ended) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), END_PATIENCE_MS);
    await status;
    clearTimeout(timer);
  };
  try {
    await listening(server.port, () => ended);
  } catch (error) {
    await end();
    throw new Error(`${server.command.join(" ")}: ${(error as Error).message}`);
  }
  return {
    url: `http://127.0.0.1:${server.port}`,
    usage: () => usageOf(child.pid),
    [Symbol.asyncDispose]: end,
  };
}

async function listening(port: number, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  for (;;) {
    if (ended()) throw new Error("has ended before it listened");
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      if (Date.now() > deadline) throw new Error(`does not listen on port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
