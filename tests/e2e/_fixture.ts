/**
 * An S3 server, the proxy before it and raw clients of both, each server a real process.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TestClient } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { ORIGIN_CREDENTIALS, startOriginProcess } from "./_origin_process.ts";
import { type ProxyProcess, startProxyProcess } from "./_proxy_process.ts";

/** What a suite works on. */
export interface Fixture extends AsyncDisposable {
  /** URL of the origin. */
  readonly originUrl: string;
  /** The proxy. */
  readonly proxy: ProxyProcess;
  /** Sends to the proxy. */
  readonly client: TestClient;
  /** Sends to the origin. */
  readonly direct: TestClient;
  /** A folder that is gone afterwards. */
  readonly folder: string;
}

/**
 * Starts both servers and creates buckets.
 *
 * @param versitygw Path of the origin's binary.
 * @param buckets The buckets to create.
 * @param settings Settings of the proxy beside addresses and keys.
 */
export async function startFixture(
  versitygw: string,
  buckets: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Fixture> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "s3-edge-cache-e2e-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const origin = stack.use(await startOriginProcess(versitygw, folder));
  const proxy = stack.use(await startProxyProcess(origin.url, settings));
  const client = stack.use(new TestClient(proxy.url, CLIENT_CREDENTIALS));
  const direct = stack.use(new TestClient(origin.url, ORIGIN_CREDENTIALS));
  for (const bucket of buckets) {
    assert.equal((await direct.put(`/${bucket}`, "")).status, 200, `create ${bucket}`);
  }
  const owned = stack.move();
  return {
    originUrl: origin.url,
    proxy,
    client,
    direct,
    folder,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * The environment of an AWS client that talks to the proxy: keys, region, and a configuration
 * of its own in place of the machine's.
 */
export function awsEnvironment(fixture: Fixture, config = ""): Record<string, string> {
  const configFile = `${fixture.folder}/aws-config-${crypto.randomUUID()}`;
  Deno.writeTextFileSync(configFile, `[default]\nregion = us-east-1\n${config}`);
  return {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: fixture.folder,
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: `${fixture.folder}/no-credentials`,
    AWS_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: fixture.proxy.url,
    AWS_EC2_METADATA_DISABLED: "true",
    LC_ALL: "C.UTF-8",
  };
}

/** The environment of an rclone whose remote `e2e:` is the proxy. */
export function rcloneEnvironment(fixture: Fixture): Record<string, string> {
  return {
    HOME: fixture.folder,
    RCLONE_CONFIG: `${fixture.folder}/no-rclone.conf`,
    RCLONE_CONFIG_E2E_TYPE: "s3",
    RCLONE_CONFIG_E2E_PROVIDER: "Other",
    RCLONE_CONFIG_E2E_ENDPOINT: fixture.proxy.url,
    RCLONE_CONFIG_E2E_REGION: "us-east-1",
    RCLONE_CONFIG_E2E_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    RCLONE_CONFIG_E2E_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
  };
}
