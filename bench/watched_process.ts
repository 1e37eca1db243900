/**
 * The other end of a watched proxy: starts it, and gives it orders.
 *
 * @module
 */
import { inheritedEnv } from "./child_process.ts";
import type { Pauses } from "./pause_probe.ts";
import { type Usage, usageOf } from "./process_usage.ts";
import type { Death } from "./worker_watch.ts";

/** A moment's figures of the proxy's cache, as far as they matter here. */
export interface CacheStats {
  /** Entries held. */
  readonly entries: number;
  /** Bytes held, as they are charged. */
  readonly bytes: number;
  /** Leases not yet released. */
  readonly leases: number;
  /** Fills that run. */
  readonly fills: number;
  /** Writes begun and not ended. */
  readonly writes: number;
}

/** A proxy in a process of its own. It ends when it is disposed of. */
export class WatchedProcess implements AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncGenerator<string>;

  private constructor(child: Deno.ChildProcess, answers: AsyncGenerator<string>, url: string) {
    this.#child = child;
    this.#answers = answers;
    this.#orders = child.stdin.getWriter();
    this.url = url;
  }

  /**
   * Starts a proxy.
   *
   * @param settings Its settings, by the names of the variables.
   * @throws {Error} if it does not come up.
   */
  static async start(settings: Readonly<Record<string, string>>): Promise<WatchedProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", new URL("watched_proxy.ts", import.meta.url).pathname],
      clearEnv: true,
      env: { ...inheritedEnv(), ...settings },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const answers = lines(child.stdout);
    const first = await answers.next();
    if (first.done) throw new Error("the proxy does not come up");
    return new WatchedProcess(child, answers, JSON.parse(first.value).url);
  }

  /** Has a worker die; resolves when another one has taken its place. */
  async kill(number: number, death: Death): Promise<void> {
    await this.#ask(`kill ${number} ${death}`);
  }

  /** The longest pauses of any worker since this was last asked. */
  pauses(): Promise<Pauses> {
    return this.#ask("pause") as Promise<Pauses>;
  }

  /** A moment's figures of the cache. */
  stats(): Promise<CacheStats> {
    return this.#ask("stats") as Promise<CacheStats>;
  }

  /** How many files and sockets are open. */
  openFiles(): Promise<number> {
    return this.#ask("files") as Promise<number>;
  }

  /** What the process has used so far. */
  usage(): Promise<Usage> {
    return usageOf(this.#child.pid);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#orders.close();
    await this.#answers.return(undefined);
    await this.#child.status;
  }

  async #ask(order: string): Promise<unknown> {
    await this.#orders.write(new TextEncoder().encode(`${order}\n`));
    const answer = await this.#answers.next();
    if (answer.done) throw new Error("the proxy has ended");
    return JSON.parse(answer.value);
  }
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
