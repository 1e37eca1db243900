/**
 * The proxy in a process of its own, started as `deno task start` starts it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { spawnStart } from "../_command.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { ORIGIN_CREDENTIALS } from "./_origin_process.ts";
import { ServerProcess } from "./_process.ts";

/** A running proxy. */
export interface ProxyProcess extends AsyncDisposable {
  readonly url: string;
  readonly server: ServerProcess;
}

/**
 * Starts the proxy before an origin.
 *
 * @param originUrl Where the origin listens.
 * @param settings Settings beside the addresses and keys.
 */
export async function startProxyProcess(
  originUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ProxyProcess> {
  const child = await spawnStart({
    LISTEN_ADDR: "127.0.0.1:0",
    ADMIN_ADDR: "off",
    UPSTREAM_ENDPOINT: originUrl,
    UPSTREAM_ACCESS_KEY_ID: ORIGIN_CREDENTIALS.accessKeyId,
    UPSTREAM_SECRET_ACCESS_KEY: ORIGIN_CREDENTIALS.secretAccessKey,
    CLIENT_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    CLIENT_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
    ...settings,
  });
  const server = new ServerProcess(child);
  const { url } = JSON.parse(await server.line(/"message":"listening"/));
  return { url, server, [Symbol.asyncDispose]: () => endWell(server) };
}

/** Ends a proxy: with status 0, and with nothing in its log that was a fault of its own. */
async function endWell(server: ServerProcess): Promise<void> {
  const { code } = await server.end();
  const faults = server.lines.filter((line) => !/^\{.*"level":"(debug|info|warn)"/.test(line));
  assert.deepEqual({ code, faults }, { code: 0, faults: [] });
}
