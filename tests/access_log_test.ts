import assert from "node:assert/strict";
import { presign } from "@s3-edge-cache/auth";
import { openTrace, type Origin, startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "./_client.ts";
import { lines, spawnStart } from "./_command.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

const ODD = 'a"b\n\u001b[31mc\u0085\u2028é';

const FIELDS = [
  "time",
  "keyId",
  "operation",
  "bucket",
  "key",
  "version",
  "range",
  "status",
  "bytes",
  "outcome",
  "durationMs",
  "upstreamMs",
  "requestId",
];

function start(origin: Origin, workers: number): Promise<Deno.ChildProcess> {
  return spawnStart({
    LISTEN_ADDR: "127.0.0.1:0",
    ADMIN_ADDR: "127.0.0.1:0",
    ACCESS_LOG: "json",
    WORKER_THREADS: String(workers),
    UPSTREAM_ENDPOINT: origin.url,
    UPSTREAM_ACCESS_KEY_ID: origin.credentials.accessKeyId,
    UPSTREAM_SECRET_ACCESS_KEY: origin.credentials.secretAccessKey,
    CLIENT_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    CLIENT_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
  });
}

Deno.test("a line a request, whole and in JSON, with what it says and no signature", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "x".repeat(100_000));
  origin.put("bucket", ODD, "odd");
  const process = await start(origin, 2);
  const stderr = lines(process.stderr);
  const { url } = JSON.parse((await stderr.next()).value!);
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  await client.get("/bucket/key");
  const ranged = await client.get("/bucket/key", ["range", "bytes=10-19"]);
  await client.get(`/bucket/${encodeURIComponent(ODD)}?versionId=null`);
  const absent = await client.get("/bucket/absent");
  await client.put("/bucket/new", "12345");
  await client.send({ target: "/bucket/key", unsigned: true });
  const query = presign({
    method: "HEAD",
    path: "/bucket/key",
    query: "",
    headers: [["host", client.host]],
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    time: Date.now(),
    expiresSeconds: 60,
  });
  await client.send({ method: "HEAD", target: `/bucket/key?${query}`, unsigned: true });
  process.kill("SIGTERM");
  const text = await new Response(process.stdout).text();
  assert.equal((await process.status).code, 0);
  await stderr.return(undefined);

  assert.deepEqual(await simulated(text), [
    ["head", "bucket/key", 0],
    ["read", `bucket/${ODD}?versionId=null`, 3],
    ["read", "bucket/key bytes=10-19", 10],
    ["read", "bucket/key", 100_000],
    ["write", "bucket/new", 0],
  ]);
  assert.ok(!text.includes(CLIENT_CREDENTIALS.secretAccessKey));
  assert.doesNotMatch(text, /[0-9a-f]{64}|signature/i);
  // deno-lint-ignore no-control-regex -- what no line may hold
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]/);
  const told = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const line of told) assert.deepEqual(Object.keys(line), FIELDS);
  assert.equal(told.length, 7);
  const by = (field: string, value: unknown) => told.find((line) => line[field] === value);
  const [miss, hit, missing] = [by("bytes", 100_000), by("status", 206), by("status", 404)];
  const [odd, put, refused] = [by("key", ODD), by("operation", "PutObject"), by("status", 403)];
  const head = by("operation", "HeadObject");
  assert.deepEqual(
    [miss.outcome, miss.bytes, miss.status, miss.key, miss.bucket, miss.operation],
    ["miss", 100_000, 200, "key", "bucket", "GetObject"],
  );
  assert.equal(miss.keyId, CLIENT_CREDENTIALS.accessKeyId);
  assert.ok(miss.upstreamMs > 0 && miss.durationMs >= miss.upstreamMs);
  assert.ok(Math.abs(Date.parse(miss.time) - Date.now()) < 60_000);
  assert.equal(hit.requestId, ranged.header("x-amz-request-id"));
  assert.deepEqual(
    [hit.outcome, hit.range, hit.status, hit.bytes, hit.upstreamMs],
    ["hit", "bytes=10-19", 206, 10, null],
  );
  assert.deepEqual([odd.key, odd.version], [ODD, "null"]);
  assert.equal(missing.requestId, absent.header("x-amz-request-id"));
  assert.deepEqual([missing.status, missing.outcome], [404, "miss"]);
  assert.deepEqual([put.operation, put.status, put.outcome], ["PutObject", 200, "bypass"]);
  assert.deepEqual([refused.status, refused.keyId, refused.operation], [403, null, null]);
  assert.deepEqual([head.operation, head.bytes, head.outcome], ["HeadObject", 0, "hit"]);
});

Deno.test("a reader that is stuck holds up no request, and not the end", async () => {
  await using origin = await startOrigin();
  const key = "k".repeat(900);
  origin.put("bucket", key, "body");
  const process = await start(origin, 1);
  const stderr = lines(process.stderr);
  const { url } = JSON.parse((await stderr.next()).value!);
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  // Some 240 KB of lines: more than a pipe holds.
  for (let i = 0; i < 200; i++) assert.equal((await client.get(`/bucket/${key}`)).status, 200);
  await client[Symbol.asyncDispose]();
  process.kill("SIGTERM");
  assert.equal((await process.status).code, 0);
  await stderr.return(undefined);
  await process.stdout.cancel();
});

/** What the simulator reads of a log, by operation and key. */
async function simulated(log: string): Promise<unknown[]> {
  const path = await Deno.makeTempFile({ suffix: ".jsonl" });
  await Deno.writeTextFile(path, log);
  const trace = await openTrace(path, "auto", Infinity);
  const requests = (await Array.fromAsync(trace.batches())).flat();
  await Deno.remove(path);
  return requests.map(({ operation, key, size }) => [operation, key, size]).toSorted();
}
