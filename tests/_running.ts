/**
 * The whole proxy in this process, by its settings: workers, admin listener and all.
 *
 * @module
 */
import { readConfig, type RunningProxy, startProxy } from "@s3-edge-cache/proxy";
import type { Origin } from "@s3-edge-cache/sim";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

/**
 * Starts a proxy before an origin.
 *
 * @param more Settings beside those that say where it listens and whom it serves.
 */
export function startRunning(
  origin: Origin,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningProxy> {
  const settings: Readonly<Record<string, string>> = {
    LISTEN_ADDR: "127.0.0.1:0",
    ADMIN_ADDR: "127.0.0.1:0",
    LOG_LEVEL: "error",
    WORKER_THREADS: "1",
    UPSTREAM_ENDPOINT: origin.url,
    UPSTREAM_ACCESS_KEY_ID: origin.credentials.accessKeyId,
    UPSTREAM_SECRET_ACCESS_KEY: origin.credentials.secretAccessKey,
    CLIENT_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    CLIENT_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
    ...more,
  };
  return startProxy(readConfig((name) => settings[name]));
}
