/**
 * `deno task demo`: an S3 origin in memory, the proxy in front of it, a few objects read twice
 * by a real client.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { AwsClient } from "aws4fetch";
import { readConfig, type RunningProxy, startProxy } from "@s3-edge-cache/proxy";
import { type Origin, startOrigin } from "./origin/origin.ts";

const USAGE = `Runs an S3 origin in memory with the proxy in front of it, and reads objects twice.

Usage: deno task demo [--once] [--port PORT] [--help]

  --once       end after the table
  --port PORT  port of the proxy on 127.0.0.1; 8080 if not given, any free one with --once
`;

const BUCKET = "demo";
const ACCESS_KEY_ID = "demo";
const SECRET_ACCESS_KEY = "demo-secret";

/** What is put into the bucket: keys with their sizes in bytes. */
const OBJECTS: readonly (readonly [key: string, bytes: number])[] = [
  ["hello.txt", 1024],
  ["images/logo.png", 64 * 1024],
  ["models/weights.bin", 1024 * 1024],
  ["data/part-0001.parquet", 8 * 1024 * 1024],
];

/** One read as the table shows it. */
interface Row {
  readonly object: string;
  readonly cache: string;
  readonly milliseconds: number;
  /** Upstream requests that the cache has saved so far. */
  readonly saved: number;
}

/** Starts both, shows the table; returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) return 2;
  if (options.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  await using origin = await startOrigin({ buckets: [BUCKET] });
  const started = await startDemoProxy(origin, options.port);
  if (started === undefined) return 1;
  await using proxy = started;
  for (const [key, bytes] of OBJECTS) origin.put(BUCKET, key, content(bytes));
  const rows = await readTwice(proxy, origin);
  console.log(table(rows));
  if (options.once) return rows.some(({ cache }) => cache === "HIT") ? 0 : 1;
  console.log(await invitation(proxy));
  await interrupted();
  return 0;
}

function parseOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string" },
      },
    });
    const port = values.port ?? (values.once ? "0" : "8080");
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
      throw new RangeError(`--port must be a number from 0 to 65535: ${JSON.stringify(port)}`);
    }
    return { once: values.once, help: values.help, port };
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: deno task demo [--once] [--port PORT]`);
    return undefined;
  }
}

/** The proxy, or `undefined` if its port is taken. */
async function startDemoProxy(origin: Origin, port: string): Promise<RunningProxy | undefined> {
  const settings: Readonly<Record<string, string>> = {
    LISTEN_ADDR: `127.0.0.1:${port}`,
    ADMIN_ADDR: "off",
    WORKER_THREADS: "1",
    LOG_LEVEL: "warn",
    UPSTREAM_ENDPOINT: origin.url,
    UPSTREAM_ACCESS_KEY_ID: origin.credentials.accessKeyId,
    UPSTREAM_SECRET_ACCESS_KEY: origin.credentials.secretAccessKey,
    CLIENT_ACCESS_KEY_ID: ACCESS_KEY_ID,
    CLIENT_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  };
  const config = readConfig((name) => settings[name]);
  try {
    return await startProxy(config);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    console.error(`port ${port} is in use; choose another one with --port`);
    return undefined;
  }
}

/** Bytes that no two sizes have in common. */
function content(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + bytes) % 256);
}

async function readTwice(proxy: RunningProxy, origin: Origin): Promise<Row[]> {
  const client = awsClient();
  const rows: Row[] = [];
  for (let round = 0; round < 2; round++) {
    for (const [key, bytes] of OBJECTS) {
      const start = performance.now();
      const answer = await client.fetch(`${proxy.url}/${BUCKET}/${key}`);
      const body = await answer.bytes();
      const milliseconds = performance.now() - start;
      if (!answer.ok || body.length !== bytes) {
        throw new Error(`${key}: status ${answer.status}, ${body.length} bytes`);
      }
      const saved = rows.length + 1 - origin.countCalls({ operation: "GetObject" });
      const cache = answer.headers.get("x-cache") ?? "";
      rows.push({ object: `${BUCKET}/${key}`, cache, milliseconds, saved });
    }
  }
  return rows;
}

function table(rows: readonly Row[]): string {
  const line = (object: string, cache: string, milliseconds: string, saved: string) =>
    object.padEnd(30) + cache.padEnd(7) + milliseconds.padStart(8) + saved.padStart(23);
  return [
    line("object", "cache", "ms", "upstream reads saved"),
    ...rows.map((row) =>
      line(row.object, row.cache, row.milliseconds.toFixed(1), String(row.saved))
    ),
  ].join("\n");
}

/** What to try while the proxy is up. */
async function invitation(proxy: RunningProxy): Promise<string> {
  const url = `${proxy.url}/${BUCKET}/hello.txt?X-Amz-Expires=3600`;
  const presigned = await awsClient().sign(url, { aws: { signQuery: true } });
  return `
The proxy listens on ${proxy.url}; Ctrl-C ends it. With the AWS CLI:

  AWS_ACCESS_KEY_ID=${ACCESS_KEY_ID} AWS_SECRET_ACCESS_KEY=${SECRET_ACCESS_KEY} \\
  AWS_DEFAULT_REGION=us-east-1 aws --endpoint-url ${proxy.url} s3 ls s3://${BUCKET} --recursive

A presigned URL, good for an hour; its x-cache field tells a HIT:

  curl -s -o /dev/null -D - '${presigned.url}'
`;
}

function awsClient(): AwsClient {
  return new AwsClient({
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    service: "s3",
    region: "us-east-1",
  });
}

async function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onSignal = () => resolve();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);
  await promise;
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, onSignal);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
