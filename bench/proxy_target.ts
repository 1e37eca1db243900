/**
 * This proxy as a target, and every program that takes the same settings: another commit of it, or
 * the Rust program that it follows.
 *
 * @module
 */
import { freePort, startServer } from "./child_process.ts";
import { CREDENTIALS, REGION } from "./signed_requests.ts";
import type { RunningTarget, Setup, Target } from "./target.ts";

const ROOT = new URL("..", import.meta.url);

/** More entries than a run fills, so that bytes are what bounds the cache. */
const MAX_ENTRIES = 200_000;

/** A program with this proxy's settings, started anew for each run. */
export class ProxyTarget implements Target {
  /** As it stands in the table. */
  readonly name: string;
  /** {@inheritDoc Target.fresh} */
  readonly fresh = true;
  readonly #command: readonly string[];

  /**
   * @param name As it stands in the table.
   * @param command The program and its arguments.
   */
  constructor(name: string, command: readonly string[]) {
    this.name = name;
    this.#command = command;
  }

  /** {@inheritDoc Target.start} */
  start(setup: Setup): Promise<RunningTarget> {
    const port = freePort();
    return startServer({ command: this.#command, port, env: proxySettings(setup, port) });
  }
}

/**
 * This tree, by the command of `deno task start`.
 *
 * @returns The program and its arguments.
 */
export async function startCommand(): Promise<string[]> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const [, run, ...args] = (manifest.tasks.start.command as string).split(" ");
  const main = args.pop()!;
  const read = ROOT.pathname.replace(/\/$/, "");
  return [
    ...[Deno.execPath(), run!, "--config", new URL("deno.json", ROOT).pathname],
    ...args.map((word) => word === "--allow-read=." ? `--allow-read=${read}` : word),
    new URL(main, ROOT).pathname,
  ];
}

/** The settings of a run, by the names of the variables. */
export function proxySettings(setup: Setup, port: number): Record<string, string> {
  return {
    LISTEN_ADDR: `127.0.0.1:${port}`,
    ADMIN_ADDR: "off",
    LOG_LEVEL: "error",
    UPSTREAM_ENDPOINT: setup.origin,
    UPSTREAM_ACCESS_KEY_ID: "upstream",
    UPSTREAM_SECRET_ACCESS_KEY: "upstream-secret",
    UPSTREAM_REGION: REGION,
    CLIENT_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    CLIENT_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    CACHE_ENABLED: String(setup.mode !== "forward"),
    CACHE_MAX_ENTRIES: String(MAX_ENTRIES),
    CACHE_MAX_SIZE_BYTES: String(setup.cacheBytes),
    WORKER_THREADS: String(setup.workers),
  };
}
