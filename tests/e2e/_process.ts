/**
 * Child processes: those that end by themselves, and servers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { lines } from "../_command.ts";

/** What a process that ended has left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started, beside its arguments. */
export interface ProcessOptions {
  /** Its whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** After this a process that should have ended is ended, and its test fails. */
const LIMIT_MS = 120_000;

/** Runs a process to its end. */
export async function runProcess(
  binary: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<Finished> {
  const { code, stdout, stderr } = await new Deno.Command(binary, {
    args: [...args],
    ...options,
    clearEnv: true,
    stdin: "null",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a process to its good end, and gives what it wrote. */
export async function succeed(
  binary: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runProcess(binary, args, options);
  assert.equal(code, 0, `${binary} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** A server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #reading: Promise<unknown>;
  #wake = Promise.withResolvers<void>();
  #ended = false;

  /** Takes over a process whose output is piped. */
  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Its exit status. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Waits until it has written a line.
   *
   * @param pattern What the line holds.
   * @throws {AssertionError} if it ends before.
   */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.#lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      assert.ok(!this.#ended, `ended without ${pattern}:\n${this.#lines.join("\n")}`);
      await this.#wake.promise;
    }
  }

  /** Asks it to end. */
  signal(signal: Deno.Signal): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** Ends it and waits for its end. */
  async end(): Promise<Deno.CommandStatus> {
    this.signal("SIGTERM");
    const status = await this.status;
    await this.#reading;
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  async #read(): Promise<void> {
    await Promise.all([this.#collect(this.#child.stdout), this.#collect(this.#child.stderr)]);
    await this.#child.status;
    this.#ended = true;
    this.#awake();
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const line of lines(stream)) {
      this.#lines.push(line);
      this.#awake();
    }
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = Promise.withResolvers<void>();
    wake.resolve();
  }
}
