import assert from "node:assert/strict";
import { startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { dockerContext, type Instruction, parseDockerfile } from "./_dockerfile.ts";
import { ServerProcess, succeed } from "./_process.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Ids of `nobody`, as Debian has them. */
const NOBODY = 65534;
const AS_NOBODY = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];

/** The container by hand: a folder in place of its root, `nobody` in place of its user. */
class Container {
  /** What ENV said. */
  readonly env: Record<string, string> = {};
  readonly #base: string;
  /** Folder of the last WORKDIR. */
  cwd = "";

  constructor(base: string) {
    this.#base = base;
  }

  /** Puts the folder of this container in the place of its absolute paths. */
  local(text: string): string {
    return text.replaceAll("/app", `${this.#base}/app`);
  }

  /** What a process gets beside what it is told: the Deno at hand, and a HOME of its own. */
  environment(): Record<string, string> {
    const path = `${this.#base}/bin:${Deno.env.get("PATH")}`;
    return { ...this.env, PATH: path, HOME: `${this.#base}/home` };
  }

  async prepare(): Promise<void> {
    await Promise.all(["bin", "home", "app"].map((name) => Deno.mkdir(`${this.#base}/${name}`)));
    await Deno.copyFile(Deno.execPath(), `${this.#base}/bin/deno`);
    await Deno.chmod(`${this.#base}/bin/deno`, 0o755);
    await Deno.chmod(this.#base, 0o755);
    await Deno.chown(`${this.#base}/home`, NOBODY, NOBODY);
  }

  /** Performs an instruction; gives the command of CMD. */
  async perform({ name, text }: Instruction): Promise<string[] | undefined> {
    if (name === "WORKDIR") this.cwd = this.local(text);
    else if (name === "ENV") this.#set(text);
    else if (name === "COPY") await this.#copy(text);
    else if (name === "RUN") await this.#run(text);
    else if (name === "CMD") return JSON.parse(text);
    else assert.match(name, /^(FROM|USER|EXPOSE|STOPSIGNAL|HEALTHCHECK)$/);
    return undefined;
  }

  #set(text: string): void {
    for (const pair of text.split(" ")) {
      const [name, value] = pair.split("=") as [string, string];
      this.env[name] = this.local(value);
    }
  }

  async #copy(text: string): Promise<void> {
    assert.equal(text, "--chown=node:node . .");
    const isCopied = dockerContext(await Deno.readTextFile(`${ROOT}/.dockerignore`));
    for (const path of await filesBelow("", isCopied)) {
      const target = `${this.cwd}/${path}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      await Deno.copyFile(`${ROOT}/${path}`, target);
    }
    await succeed("chown", ["-R", `${NOBODY}:${NOBODY}`, this.cwd], { env: this.environment() });
  }

  async #run(text: string): Promise<void> {
    if (text.startsWith("npm install --global deno@")) {
      assert.match(text, new RegExp(`^npm install --global deno@${Deno.version.deno} `));
    } else if (text.startsWith("chown ")) {
      await succeed("chown", [`${NOBODY}:${NOBODY}`, this.cwd], { env: this.environment() });
    } else {
      const network = Object.entries(Deno.env.toObject()).filter(([name]) =>
        /proxy|cert|registry/i.test(name)
      );
      const env = { ...Object.fromEntries(network), ...this.environment() };
      const [setpriv, ...args] = [...AS_NOBODY, "sh", "-c", text];
      await succeed(setpriv!, args, { env, cwd: this.cwd });
    }
  }
}

async function filesBelow(
  folder: string,
  isCopied: (path: string) => boolean,
): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${folder}`)) {
    const path = folder + name;
    if (/^(\.git|node_modules|\.e2e)$/.test(path)) continue;
    if (isDirectory) files.push(...await filesBelow(`${path}/`, isCopied));
    else if (isCopied(path)) files.push(path);
  }
  return files;
}

/** The permission flags of a command, in alphabetical order. */
function permissions(command: readonly string[]): string[] {
  return command.filter((word) => /^(-A|-P|--allow|--deny|--permission)/.test(word)).toSorted();
}

const isRoot = Deno.uid() === 0;
const name = "the Dockerfile's steps, by hand in an empty folder as nobody, start the proxy";

Deno.test({
  name: isRoot ? name : `${name} (skipped: only root can become nobody)`,
  ignore: !isRoot,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const base = await Deno.makeTempDir({ prefix: "s3-edge-cache-docker-" });
    stack.defer(() => Deno.remove(base, { recursive: true }));
    const container = new Container(base);
    await container.prepare();
    let command: string[] | undefined;
    for (const step of parseDockerfile(await Deno.readTextFile(`${ROOT}/Dockerfile`))) {
      command = await container.perform(step) ?? command;
    }
    assert.ok(command !== undefined, "no CMD");
    const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
    const start: string[] = tasks.start.command.split(" ");
    assert.deepEqual(permissions(command), permissions(start), "the permissions of task start");
    assert.ok(command.includes("--no-prompt") && command.includes("--cached-only"));

    const origin = stack.use(await startOrigin());
    origin.put("bucket", "key", "from the container");
    const [setpriv, ...args] = [...AS_NOBODY, ...command.map((word) => container.local(word))];
    const child = new Deno.Command(setpriv!, {
      args,
      cwd: container.cwd,
      clearEnv: true,
      env: {
        ...container.environment(),
        LISTEN_ADDR: "127.0.0.1:0",
        ADMIN_ADDR: "off",
        UPSTREAM_ENDPOINT: origin.url,
        UPSTREAM_ACCESS_KEY_ID: origin.credentials.accessKeyId,
        UPSTREAM_SECRET_ACCESS_KEY: origin.credentials.secretAccessKey,
        CLIENT_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
        CLIENT_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const server = stack.use(new ServerProcess(child));
    const { url } = JSON.parse(await server.line(/"message":"listening"/));
    const ids = await succeed("cat", [`/proc/${server.pid}/status`], {
      env: container.environment(),
    });
    assert.match(ids, new RegExp(`^Uid:\\s+${NOBODY}\\s+${NOBODY}\\s+${NOBODY}\\s`, "m"));
    const client = stack.use(new TestClient(url, CLIENT_CREDENTIALS));
    for (const outcome of ["MISS", "HIT"]) {
      const answer = await client.get("/bucket/key");
      const seen = [answer.status, answer.text, answer.header("x-cache")];
      assert.deepEqual(seen, [200, "from the container", outcome]);
    }
    assert.equal((await server.end()).code, 0);
  },
});
