/**
 * A real S3 server: versitygw over a folder.
 *
 * @module
 */
import type { Credentials } from "@s3-edge-cache/auth";
import { ServerProcess } from "./_process.ts";

/** A running versitygw. */
export interface OriginProcess extends AsyncDisposable {
  readonly url: string;
}

/** The key of the origin; clients of the proxy have another. */
export const ORIGIN_CREDENTIALS: Credentials = {
  accessKeyId: "AKIAORIGINEXAMPLE001",
  secretAccessKey: "origin/secret+key/EXAMPLE0123456789abcde",
};

const ATTEMPTS = 5;

/**
 * Starts versitygw, with versioning, over an empty folder.
 *
 * @param binary Its path.
 * @param folder Where it keeps what it is given.
 */
export async function startOriginProcess(binary: string, folder: string): Promise<OriginProcess> {
  await Promise.all(["data", "versions"].map((name) => Deno.mkdir(`${folder}/${name}`)));
  for (let attempt = 1;; attempt++) {
    const port = freePort();
    const server = new ServerProcess(spawn(binary, port, folder));
    if (await listens(server, port)) {
      return {
        url: `http://127.0.0.1:${port}`,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    }
    await server.end();
    if (attempt === ATTEMPTS) throw new Error(`versitygw: ${server.lines.join("\n")}`);
  }
}

function spawn(binary: string, port: number, folder: string): Deno.ChildProcess {
  const listen = ["--quiet", "--keep-alive", "--port", `127.0.0.1:${port}`];
  return new Deno.Command(binary, {
    args: [...listen, "posix", "--versioning-dir", `${folder}/versions`, `${folder}/data`],
    clearEnv: true,
    env: {
      ROOT_ACCESS_KEY_ID: ORIGIN_CREDENTIALS.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: ORIGIN_CREDENTIALS.secretAccessKey,
    },
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A port that nobody listens on now. Somebody may by the time that it is used: try again. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until a server takes connections; `false` if it ended instead. */
async function listens(server: ServerProcess, port: number): Promise<boolean> {
  while (!server.ended) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return !server.ended;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return false;
}
