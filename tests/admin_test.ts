import assert from "node:assert/strict";
import type { RunningProxy } from "@s3-edge-cache/proxy";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { startOrigin } from "@s3-edge-cache/sim";
import { type Answer, TestClient } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";
import { startRunning } from "./_running.ts";

/** Asks the admin listener. */
async function ask(
  proxy: RunningProxy,
  method: string,
  target: string,
  ...headers: HeaderPair[]
): Promise<Answer> {
  await using client = new TestClient(proxy.adminUrl!, CLIENT_CREDENTIALS);
  return await client.send({ method, target, headers, unsigned: true });
}

Deno.test("pages that tell keys answer to addresses and to names that are allowed", async () => {
  await using origin = await startOrigin();
  await using proxy = await startRunning(origin, { ADMIN_ALLOWED_HOSTS: "cache.internal" });
  const status = async (target: string, host: string) =>
    (await ask(proxy, "GET", target, ["host", host])).status;
  for (const target of ["/", "/stats", "/feed", "/explain?bucket=bucket&key=k", "/purge"]) {
    assert.equal(await status(target, "evil.example"), 403, target);
    assert.equal(await status(target, "127.0.0.1.evil.example:9090"), 403, target);
  }
  assert.equal(await status("/stats", "cache.internal:9090"), 200);
  assert.equal(await status("/stats", "[::1]:9090"), 200);
  for (const target of ["/healthz", "/readyz", "/metrics"]) {
    assert.equal(await status(target, "cache-0.cache.svc"), 200, target);
  }
  assert.equal((await ask(proxy, "GET", "/none")).status, 404);
  assert.equal((await ask(proxy, "POST", "/stats")).status, 405);
});

Deno.test("a purge drops an object, or all below a prefix, and nothing else", async () => {
  await using origin = await startOrigin();
  const keys = ["a", "dir/b", "dir//c", "dir/d é", "other"];
  for (const key of keys) origin.put("bucket", key, key);
  await using proxy = await startRunning(origin, { WORKER_THREADS: "2" });
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  const target = (key: string) => `/bucket/${key.split("/").map(encodeURIComponent).join("/")}`;
  const held = async () => {
    const found: string[] = [];
    for (const key of keys) {
      if ((await client.get(target(key))).header("x-cache") === "HIT") found.push(key);
    }
    return found;
  };
  assert.deepEqual(await held(), []);
  assert.deepEqual(await held(), keys);
  const one = await ask(proxy, "POST", "/purge?bucket=bucket&key=a");
  assert.deepEqual(JSON.parse(one.text), { bucket: "bucket", key: "a", dropped: 1 });
  assert.deepEqual(await held(), keys.slice(1));
  const below = await ask(proxy, "POST", "/purge?bucket=bucket&prefix=dir/");
  assert.equal(JSON.parse(below.text).dropped, 3);
  assert.deepEqual(await held(), ["a", "other"]);
  const odd = await ask(proxy, "POST", `/purge?bucket=bucket&key=${encodeURIComponent("dir/d é")}`);
  assert.equal(JSON.parse(odd.text).dropped, 1);
  await ask(proxy, "POST", "/purge?bucket=bucket&prefix=");
  assert.deepEqual(await held(), []);
  const wrong = [
    "?bucket=bucket",
    "?key=a",
    "?bucket=bucket&key=a&prefix=b",
    "?bucket=bucket&key=",
  ];
  for (const query of wrong) {
    assert.equal((await ask(proxy, "POST", `/purge${query}`)).status, 400, query);
  }
  assert.equal((await ask(proxy, "GET", "/purge?bucket=bucket&key=a")).status, 405);
});

Deno.test("another site's page purges nothing", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "body");
  await using proxy = await startRunning(origin);
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  await client.get("/bucket/key");
  const own = `http://${new URL(proxy.adminUrl!).host}`;
  const purge = async (...headers: HeaderPair[]) =>
    (await ask(proxy, "POST", "/purge?bucket=bucket&key=key", ...headers)).status;
  assert.equal(await purge(["origin", "https://evil.example"]), 403);
  assert.equal(await purge(["origin", "null"]), 403);
  assert.equal(await purge(["origin", own], ["sec-fetch-site", "cross-site"]), 403);
  assert.equal(await purge(["origin", own], ["host", "evil.example"]), 403);
  assert.equal((await client.get("/bucket/key")).header("x-cache"), "HIT");
  assert.equal(await purge(["origin", own], ["sec-fetch-site", "same-origin"]), 200);
  assert.equal((await client.get("/bucket/key")).header("x-cache"), "MISS");
});

Deno.test("/explain tells what is held, and what became of the latest requests", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "a b", "x".repeat(1_000));
  await using proxy = await startRunning(origin, { WORKER_THREADS: "2", CACHE_TTL_SECONDS: "60" });
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  const explain = async (query: string) =>
    JSON.parse((await ask(proxy, "GET", `/explain?bucket=bucket&${query}`)).text);
  assert.deepEqual(await explain("key=a%20b"), { held: false, entries: [], requests: [] });
  await client.get("/bucket/a%20b");
  for (let i = 0; i < 3; i++) await client.get("/bucket/a%20b");
  const hit = await client.get("/bucket/a%20b", ["range", "bytes=0-9"]);
  await client.get("/bucket/a%20b?partNumber=1");
  await client.get("/bucket/a%20b?versionId=null");
  const all = async () => (await explain("key=a%20b")).requests.length === 7;
  await eventually(all, "the last request has ended");
  const told = await explain("key=a%20b");
  assert.equal(told.held, true);
  const [plain] = told.entries.filter(({ variant }: { variant: string }) => variant === "");
  assert.deepEqual(
    [plain.state, plain.size, plain.frequency, plain.queue, plain.fresh],
    ["held", 1_000, 3, "small", true],
  );
  const age = Date.parse(plain.expiresAt) - Date.parse(plain.storedAt);
  assert.equal(age, 60_000);
  // Of two workers, whose clocks agree to a millisecond: requests in a row may change places.
  const found = told.requests.map((
    { outcome, why, range, version }: Record<string, string | null>,
  ) => [outcome, why, range, version].join(" ").trim());
  assert.deepEqual(found.toSorted(), [
    "bypass query",
    "hit",
    "hit",
    "hit",
    "hit  bytes=0-9",
    "miss uri-miss",
    "miss uri-miss  null",
  ]);
  const times = told.requests.map(({ time }: { time: string }) => time);
  assert.deepEqual(times, times.toSorted().toReversed());
  const ranged = told.requests.find(({ range }: { range: string | null }) => range !== null);
  assert.equal(ranged.requestId, hit.header("x-amz-request-id"));
  const one = await explain("key=a%20b&versionId=null");
  assert.deepEqual([one.entries.length, one.requests.length], [1, 1]);
  assert.equal((await ask(proxy, "GET", "/explain?bucket=bucket")).status, 400);
});

Deno.test("/readyz is 503 once the origin is unreachable too long, and heals by itself", async () => {
  await using origin = await startOrigin();
  await using proxy = await startRunning(origin, { UPSTREAM_UNREACHABLE_LIMIT_SECONDS: "1" });
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  const ready = async () => (await ask(proxy, "GET", "/readyz")).status;
  origin.fault({}, { kind: "hang_up" }, 1_000_000);
  assert.equal((await client.get("/bucket/key")).status, 503);
  assert.equal(await ready(), 200);
  await eventually(async () => await ready() === 503, "the limit passes");
  const why = (await ask(proxy, "GET", "/readyz")).text;
  assert.match(why, /^the origin has been unreachable for \d+ seconds\n$/);
  origin.reset();
  await eventually(async () => await ready() === 200, "the origin is found again");
});

Deno.test("the page and its parts come from here, and may load nothing else", async () => {
  await using origin = await startOrigin();
  await using proxy = await startRunning(origin);
  const page = await ask(proxy, "GET", "/");
  assert.match(page.header("content-security-policy")!, /^default-src 'none'; script-src 'self';/);
  const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  assert.ok(parts.length >= 4);
  for (const path of parts) {
    if (path === "data:,") continue;
    const part = await ask(proxy, "GET", path);
    assert.equal(part.status, 200, path);
    assert.ok(part.body.length > 100, path);
  }
  const feed = await fetch(`${proxy.adminUrl}/feed`);
  const reader = feed.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  assert.match(value!, /^event: history\ndata: \{"prices":\{"gigabyte":0.09,/);
  await reader.cancel();
});

for (const workers of ["1", "2"]) {
  Deno.test(`an admin address that is taken leaves nothing running: ${workers} workers`, async () => {
    await using origin = await startOrigin();
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const address = freeAddress();
    const settings = {
      WORKER_THREADS: workers,
      LISTEN_ADDR: `127.0.0.1:${address.port}`,
      ADMIN_ADDR: `127.0.0.1:${taken.addr.port}`,
    };
    await assert.rejects(startRunning(origin, settings), /ADMIN_ADDR/);
    const isFree = () => Deno.connect(address).then((conn) => conn.close(), () => true);
    await eventually(async () => await isFree() === true, "nobody listens");
  });
}

function freeAddress(): { hostname: string; port: number } {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr;
}
