/**
 * nginx with proxy_cache as a target: what teams put in front of S3 first. It checks no signature.
 *
 * @module
 */
import { freePort, startServer } from "./child_process.ts";
import type { RunningTarget, Setup, Target } from "./target.ts";

/** nginx, set up in a directory of its own for each run. */
export class NginxTarget implements Target {
  /** As it stands in the table. */
  readonly name = "nginx";
  /** {@inheritDoc Target.fresh} */
  readonly fresh = true;
  readonly #directory: string;

  /** @param directory Where configurations, caches and logs go. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Whether nginx is installed. */
  static async isInstalled(): Promise<boolean> {
    try {
      return (await new Deno.Command("nginx", { args: ["-v"], stderr: "null" }).output()).success;
    } catch {
      return false;
    }
  }

  /** {@inheritDoc Target.start} */
  async start(setup: Setup): Promise<RunningTarget> {
    const directory = await Deno.makeTempDir({ dir: this.#directory, prefix: "nginx" });
    const port = freePort();
    const file = `${directory}/nginx.conf`;
    await Deno.writeTextFile(file, nginxConfig(setup, port, directory));
    const command = ["nginx", "-p", directory, "-c", file, "-e", `${directory}/error.log`];
    const running = await startServer({ command, port, shown: false });
    const end = async () => {
      await running[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    };
    return { url: running.url, usage: () => running.usage(), [Symbol.asyncDispose]: end };
  }
}

/** The configuration: a key is an object's path, whatever signature the query holds. */
export function nginxConfig(setup: Setup, port: number, directory: string): string {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${directory}/${name};`).join("\n");
  const cache = setup.mode === "forward" ? "off" : "bench";
  return `user root;
daemon off;
worker_processes ${setup.workers};
pid ${directory}/nginx.pid;
error_log ${directory}/error.log error;
events { worker_connections 1024; }
http {
${paths}
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  proxy_cache_path ${directory}/cache levels=1:2 keys_zone=bench:64m max_size=${setup.cacheBytes};
  upstream origin { server ${new URL(setup.origin).host}; keepalive 128; }
  server {
    listen 127.0.0.1:${port} reuseport;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache ${cache};
      proxy_cache_key $uri;
      proxy_cache_valid 200 1d;
      proxy_cache_lock on;
    }
  }
}
`;
}
