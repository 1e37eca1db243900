import assert from "node:assert/strict";
import { startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "./_client.ts";
import { ended, lines, spawnStart } from "./_command.ts";
import { eventually } from "./_eventually.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

const SECRET = "kept/to+itself";

Deno.test("settings missing and wrong at once: each is named, no stack, no secret, exit 2", async () => {
  const { code, stdout, stderr } = await ended(
    await spawnStart({
      UPSTREAM_ENDPOINT: `https://user:${SECRET}@s3.example.com`,
      UPSTREAM_SECRET_ACCESS_KEY: SECRET,
      CACHE_TTL_SECONDS: "soon",
      CACHE_ENABLED: "maybe",
      LISTEN_ADDR: "nowhere",
    }),
  );
  assert.equal(code, 2);
  assert.equal(stdout, "");
  for (
    const name of [
      "LISTEN_ADDR=",
      "UPSTREAM_ENDPOINT=",
      "UPSTREAM_ACCESS_KEY_ID is missing",
      "CLIENT_ACCESS_KEY_ID is missing",
      "CLIENT_SECRET_ACCESS_KEY is missing",
      "CACHE_ENABLED=",
      "CACHE_TTL_SECONDS=",
    ]
  ) assert.ok(stderr.includes(name), `${name} in ${stderr}`);
  assert.doesNotMatch(stderr, /^\s+at |file:\/\//m);
  assert.ok(!stderr.includes(SECRET));
});

Deno.test("--help and --version end with 0, an unknown argument with 2", async () => {
  const help = await ended(await spawnStart({}, ["--help"]));
  assert.equal(help.code, 0);
  assert.match(help.stdout, /CACHE_MAX_SIZE_BYTES \(1073741824\)/);
  const version = await ended(await spawnStart({}, ["--version"]));
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^s3-edge-cache \d+\.\d+\.\d+\n$/);
  const unknown = await ended(await spawnStart({}, ["--port"]));
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /^unknown argument "--port"/);
});

Deno.test("an address in use ends with 1 and one line that names it", async () => {
  await using origin = await startOrigin();
  const taken = `127.0.0.1:${origin.port}`;
  for (const workers of ["1", "2"]) {
    for (const name of ["LISTEN_ADDR", "ADMIN_ADDR"]) {
      const { code, stderr } = await ended(
        await spawnStart({ ...settings(origin.url), WORKER_THREADS: workers, [name]: taken }),
      );
      assert.equal(code, 1);
      assert.match(stderr, /^can't listen: [^\n]+\n$/);
      assert.ok(stderr.includes(`${name}=${taken}: `), stderr);
    }
  }
});

Deno.test("SIGTERM: readiness goes first, what runs ends whole, exit 0", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "x".repeat(100_000));
  const process = await spawnStart(settings(origin.url));
  const stderr = lines(process.stderr);
  const listening = JSON.parse((await stderr.next()).value!);
  await using client = new TestClient(listening.url, CLIENT_CREDENTIALS);
  const ready = async () => (await fetch(`${listening.admin}/readyz`)).status;
  assert.equal(await ready(), 200);

  using held = origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const download = client.send({ target: "/bucket/key" });
  await held.arrived;
  process.kill("SIGTERM");
  assert.equal(JSON.parse((await stderr.next()).value!).message, "draining");
  assert.equal(await ready(), 503);
  held.release();
  assert.equal((await download).body.length, 100_000);
  await client[Symbol.asyncDispose]();
  assert.equal(JSON.parse((await stderr.next()).value!).message, "stopped");
  assert.equal((await process.status).code, 0);
  await stderr.return(undefined);
  await process.stdout.cancel();
});

for (const [HTTP_FRONT, WORKER_THREADS] of [["wire", "1"], ["serve", "1"], ["serve", "2"]]) {
  Deno.test(`a request that outlives the drain limit is cut, exit 0: ${HTTP_FRONT}, ${WORKER_THREADS} workers`, async () => {
    await using origin = await startOrigin();
    origin.put("bucket", "key", "x".repeat(100_000));
    const process = await spawnStart({
      ...settings(origin.url),
      HTTP_FRONT: HTTP_FRONT!,
      WORKER_THREADS: WORKER_THREADS!,
      DRAIN_TIMEOUT_SECONDS: "0",
    });
    const stderr = lines(process.stderr);
    const { url } = JSON.parse((await stderr.next()).value!);
    await using client = new TestClient(url, CLIENT_CREDENTIALS);
    using held = origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
    const download = client.send({ target: "/bucket/key" });
    const cut = assert.rejects(download);
    await held.arrived;
    process.kill("SIGTERM");
    await cut;
    assert.equal((await process.status).code, 0);
    const told = (await Array.fromAsync(stderr)).map((line) => JSON.parse(line).message);
    assert.ok(told.includes("requests cut at the drain limit"));
    assert.equal(told.at(-1), "stopped");
    await process.stdout.cancel();
  });
}

for (const HTTP_FRONT of ["wire", "serve"]) {
  Deno.test(`a proxy out of files says so, and serves again: ${HTTP_FRONT}`, async () => {
    await using origin = await startOrigin();
    origin.put("bucket", "key", "body");
    const process = await spawnStart(
      { ...settings(origin.url), HTTP_FRONT, WORKER_THREADS: "1" },
      [],
      256,
    );
    const stderr = lines(process.stderr);
    const { url } = JSON.parse((await stderr.next()).value!);
    const { hostname, port } = new URL(url);
    const address = { hostname, port: Number(port) };
    const opened = Promise.allSettled(Array.from({ length: 300 }, () => Deno.connect(address)));
    assert.equal(JSON.parse((await stderr.next()).value!).message, "can't accept connections");
    for (const connected of await opened) {
      if (connected.status === "fulfilled") connected.value.close();
    }
    const served = async () => {
      await using client = new TestClient(url, CLIENT_CREDENTIALS);
      return await client.get("/bucket/key").then(({ status }) => status === 200, () => false);
    };
    await eventually(served, "it serves again");
    process.kill("SIGTERM");
    assert.equal((await process.status).code, 0);
    await stderr.return(undefined);
    await process.stdout.cancel();
  });
}

function settings(upstream: string): Record<string, string> {
  return {
    LISTEN_ADDR: "127.0.0.1:0",
    ADMIN_ADDR: "127.0.0.1:0",
    UPSTREAM_ENDPOINT: upstream,
    UPSTREAM_ACCESS_KEY_ID: "AKIAORIGINEXAMPLE001",
    UPSTREAM_SECRET_ACCESS_KEY: "origin/secret+key/EXAMPLE0123456789abcde",
    CLIENT_ACCESS_KEY_ID: CLIENT_CREDENTIALS.accessKeyId,
    CLIENT_SECRET_ACCESS_KEY: CLIENT_CREDENTIALS.secretAccessKey,
  };
}
