/**
 * The origin of the bench in a process of its own, so that its work is not counted as another's.
 *
 * @module
 */
import { inheritedEnv } from "./child_process.ts";
import { CALLS_PATH, type EtagForm, type OriginCalls } from "./origin.ts";

/** An origin that listens. It ends when it is disposed of. */
export interface OriginProcess extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
  /** What it was asked for since its start. */
  calls(): Promise<OriginCalls>;
}

/**
 * Starts an origin.
 *
 * @param port Where it listens on 127.0.0.1; 0 for any free port.
 * @param etagForm What its ETags look like.
 * @throws {Error} if it does not come up.
 */
export async function startOriginProcess(
  port: number,
  etagForm: EtagForm,
): Promise<OriginProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-net=127.0.0.1"],
      ...[new URL("origin_command.ts", import.meta.url).pathname, `${port}`, etagForm],
    ],
    clearEnv: true,
    env: inheritedEnv(),
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const url = await firstLine(child.stdout);
  if (url === "") throw new Error(`the origin does not come up on port ${port}`);
  return {
    url,
    calls: async () => await (await fetch(url + CALLS_PATH)).json(),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("\n")) break;
  }
  return text.split("\n", 1)[0]!;
}
