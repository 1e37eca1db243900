/**
 * The proxy as a process of its own, with the permissions of `deno task start` and no others.
 *
 * @module
 */

const ROOT = new URL("..", import.meta.url);

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The arguments of `deno` that `deno task start` stands for. */
async function startArguments(): Promise<string[]> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const command: string = manifest.tasks.start.command;
  return command.split(" ").slice(1);
}

/**
 * Spawns `deno task start` with these settings and nothing else of this process's environment
 * but what Deno itself needs.
 */
export async function spawnStart(
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  mostFiles = 1_024,
): Promise<Deno.ChildProcess> {
  const env: Record<string, string> = { NO_COLOR: "1", ...settings };
  for (const name of ["HOME", "DENO_DIR", "PATH"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const command = [Deno.execPath(), ...await startArguments(), ...args];
  return new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${mostFiles}; exec "$0" "$@"`, ...command],
    cwd: ROOT,
    clearEnv: true,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for a process to end, and collects what it wrote. */
export async function ended(process: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await process.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** The lines of a stream as they come. */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}
