/**
 * The targets that a command line names.
 *
 * @module
 */
import { type Flags, UsageError } from "./flags.ts";
import { NginxTarget } from "./nginx_target.ts";
import { ProxyTarget, startCommand } from "./proxy_target.ts";
import type { Target } from "./target.ts";
import { UrlTarget } from "./url_target.ts";

/** The flags that name peers; each may be repeated, and there is none unless told. */
export const PEER_FLAGS = { peer: "", "peer-pid": "", "peer-command": "" } as const;

/** This proxy first, then nginx where it is wanted and installed, then the peers. */
export async function targetsOf(
  flags: Flags,
  directory: string,
  say: (text: string) => void,
): Promise<Target[]> {
  const peers = peersOf(flags);
  const targets: Target[] = [new ProxyTarget("s3-edge-cache", await startCommand())];
  if (!flags.has("no-nginx")) {
    if (await NginxTarget.isInstalled()) targets.push(new NginxTarget(directory));
    else say("nginx is not installed: left out");
  }
  return [...targets, ...peers];
}

/**
 * The peers that flags name.
 *
 * @throws {UsageError} if one of them is not as it should be.
 */
export function peersOf(flags: Flags): Target[] {
  const pids = new Map(
    flags.all("peer-pid").map((text) => {
      const [name, pid] = named("peer-pid", text);
      if (!/^\d{1,8}$/.test(pid)) throw new UsageError(`--peer-pid takes NAME=PID, not ${text}`);
      return [name, Number(pid)];
    }),
  );
  const running = flags.all("peer").map((text) => {
    const [name, url] = named("peer", text);
    if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(url)) {
      throw new UsageError(`--peer takes NAME=http://127.0.0.1:PORT, not ${text}`);
    }
    return new UrlTarget(name, url, pids.get(name));
  });
  const names = new Set(running.map(({ name }) => name));
  for (const name of pids.keys()) {
    if (!names.has(name)) throw new UsageError(`--peer-pid names ${name}, which no --peer does`);
  }
  const commands = flags.all("peer-command").map((text) => {
    const [name, command] = named("peer-command", text);
    return new ProxyTarget(name, command.split(/\s+/));
  });
  return [...running, ...commands];
}

function named(flag: string, text: string): [name: string, value: string] {
  const [, name, value] = /^([\w.-]+)=(.+)$/s.exec(text.trim()) ?? [];
  if (name === undefined) throw new UsageError(`--${flag} takes NAME=VALUE, not ${text}`);
  return [name, value!];
}
