import assert from "node:assert/strict";
import { startOrigin } from "@s3-edge-cache/sim";
import { type Answer, TestClient } from "./_client.ts";
import { readFeed } from "./_feed.ts";
import { CLIENT_CREDENTIALS, startTestProxy, type TestProxy } from "./_proxy.ts";
import { startRunning } from "./_running.ts";

/** A dry-run proxy, and what came of each comparison. */
async function startDryRun(): Promise<{ proxy: TestProxy; compared: (readonly string[])[] }> {
  const compared: (readonly string[])[] = [];
  const onCompared = ({ differences }: { differences: readonly string[] }) => {
    compared.push(differences);
  };
  const verification = { extent: "dry-run" as const, onCompared };
  return { proxy: await startTestProxy({ verification }), compared };
}

const SIZES = [0, 1, 31, 32, 33, 5_000, 100_000];

Deno.test("10,000 reads of all shapes of what does not change: all fresh, not one mismatch", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const bodies = SIZES.map((size, i) => String.fromCharCode(97 + i).repeat(size));
  bodies.forEach((body, i) => proxy.origin.put("bucket", `key-${i}`, body));
  const { client, origin } = proxy;
  const etags = await Promise.all(
    bodies.map(async (_, i) => (await client.head(`/bucket/key-${i}`)).header("etag")!),
  );
  const shapes: ((i: number) => Promise<Answer>)[] = [
    (i) => client.get(`/bucket/key-${i}`),
    (i) => client.get(`/bucket/key-${i}`, ["range", "bytes=0-9"]),
    (i) => client.get(`/bucket/key-${i}`, ["range", "bytes=5-"]),
    (i) => client.get(`/bucket/key-${i}`, ["range", "bytes=-3"]),
    (i) => client.get(`/bucket/key-${i}?versionId=null`),
    (i) => client.head(`/bucket/key-${i}`),
    (i) => client.get(`/bucket/key-${i}`, ["if-none-match", etags[i]!]),
    (i) => client.get(`/bucket/key-${i}`, ["if-match", '"other"']),
    (i) => client.get(`/bucket/key-${i}?response-content-type=text%2Fplain`),
    (i) => client.get(`/bucket/key-${i}`),
  ];
  const read = async (worker: number) => {
    for (let i = worker; i < 10_000; i += 20) {
      const object = Math.floor(i / 10) % SIZES.length;
      const answer = await shapes[i % shapes.length]!(object);
      if (answer.status === 200 && answer.body.length > 0) {
        assert.equal(answer.text, bodies[object]);
      }
    }
  };
  for (let i = 0; i < bodies.length; i++) await client.get(`/bucket/key-${i}`);
  const before = origin.countCalls({});
  await Promise.all(Array.from({ length: 20 }, (_, worker) => read(worker)));
  assert.equal(origin.countCalls({}) - before, 10_000, "every one is answered by the origin");
  assert.deepEqual(compared.filter((differences) => differences.length > 0), []);
  assert.ok(compared.length > 9_000, `${compared.length} were compared`);
});

Deno.test("an object changed behind the proxy: the fresh answer, and exactly one mismatch", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "old body");
  for (let i = 0; i < 5; i++) assert.equal((await client.get("/bucket/key")).text, "old body");
  origin.put("bucket", "key", "new body");
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.get("/bucket/key")));
  for (const answer of answers) assert.equal(answer.text, "new body");
  for (let i = 0; i < 5; i++) assert.equal((await client.get("/bucket/key")).text, "new body");
  const told = compared.filter((differences) => differences.length > 0);
  assert.equal(told.length, 1);
  assert.ok(told[0]!.includes("etag"));
});

Deno.test("what differs is named: status, fields, the body alone", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  const last = () => compared.at(-1);
  const body = new Uint8Array(40_000).fill(120);
  origin.put("bucket", "key", body);
  await client.get("/bucket/key");
  origin.fault({}, {
    kind: "alter",
    alter: (answer) => ({ ...answer, body: new Uint8Array(40_000).fill(121) }),
  });
  await client.get("/bucket/key");
  assert.deepEqual(last(), ["body"]);

  await client.get("/bucket/key");
  const alterType = (headers: readonly (readonly [string, string])[]) =>
    headers.map(([name, value]): readonly [string, string] =>
      name.toLowerCase() === "content-type" ? [name, "text/other"] : [name, value]
    );
  origin.fault({}, {
    kind: "alter",
    alter: (answer) => ({ ...answer, headers: alterType(answer.headers) }),
  });
  await client.get("/bucket/key");
  assert.deepEqual(last(), ["content-type"]);

  await client.get("/bucket/key");
  await proxy.direct.delete("/bucket/key");
  assert.equal((await client.get("/bucket/key")).status, 404);
  assert.deepEqual(last(), ["status"]);
  assert.equal((await client.get("/bucket/key")).status, 404);
  assert.equal(compared.length, 3);
});

Deno.test("ranges of what is held whole, and of what is not, are compared by their bytes too", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  const alter = () =>
    origin.fault({}, {
      kind: "alter",
      alter: (answer) => ({ ...answer, body: new Uint8Array(answer.body.length).fill(33) }),
    });
  const range = ["range", "bytes=100-199"] as const;
  origin.put("bucket", "part", "p".repeat(2_000));
  origin.put("bucket", "whole", "w".repeat(2_000));
  await client.get("/bucket/whole");
  for (const key of ["part", "whole"]) {
    compared.length = 0;
    await client.get(`/bucket/${key}`, range);
    await client.get(`/bucket/${key}`, range);
    assert.deepEqual(compared.flat(), [], key);
    alter();
    assert.equal((await client.get(`/bucket/${key}`, range)).text, "!".repeat(100));
    assert.deepEqual(compared.at(-1), ["body"], key);
  }
});

Deno.test("an origin that fails, and a client that leaves, are no mismatch", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "x".repeat(1_000_000));
  await client.get("/bucket/key");
  origin.fault({}, { kind: "error", status: 503, code: "SlowDown" });
  assert.equal((await client.get("/bucket/key")).status, 503);
  origin.fault({}, { kind: "cut", bytes: 10 });
  await assert.rejects(client.get("/bucket/key"));
  using held = origin.hold({ operation: "GetObject", phase: "body", bytes: 1_000 });
  const answer = await client.open({ target: "/bucket/key" });
  answer.body.destroy();
  held.release();
  await client.get("/bucket/key");
  assert.deepEqual(compared.flat(), []);
  assert.equal(proxy.cache.stats().entries, 1);
});

Deno.test("a write through the proxy is no mismatch; entries weigh what bodies weigh", async () => {
  const { proxy, compared } = await startDryRun();
  await using _proxy = proxy;
  const { client, cache } = proxy;
  for (let version = 0; version < 5; version++) {
    await client.put("/bucket/key", `${version}`.repeat(50_000));
    for (let i = 0; i < 3; i++) await client.get("/bucket/key");
  }
  assert.deepEqual(compared.flat(), []);
  assert.equal(compared.length, 10);
  const { entries, bytes } = cache.stats();
  assert.equal(entries, 1);
  assert.ok(bytes >= 50_000 && bytes < 55_000, String(bytes));
  const lease = cache.lookup("bucket/key", "", Date.now())!;
  const held = [...lease.chunks(0, lease.size - 32)].some((view) => view.includes(52));
  lease.release();
  assert.equal(held, false, "no byte of the body is held");
});

Deno.test("CACHE_DRYRUN warns once, with bucket, key, range, version and what differs", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "a b", "old");
  await using proxy = await startRunning(origin, { CACHE_DRYRUN: "true", WORKER_THREADS: "2" });
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  const target = "/bucket/a%20b?versionId=null";
  for (let i = 0; i < 3; i++) {
    assert.equal((await client.get(target)).header("x-cache")?.length, i === 0 ? 4 : 6);
  }
  origin.put("bucket", "a b", "new!");
  const range = ["range", "bytes=1-2"] as const;
  for (let i = 0; i < 3; i++) assert.equal((await client.get(target, range)).text, "ew");
  const { stats, events } = await readFeed(proxy);
  assert.equal(stats.events.mismatch, 1);
  assert.equal(stats.requests.compared, stats.events.verified);
  assert.equal(events.length, 1);
  const { bucket, key, range: told, version_id, differs } = events[0].fields;
  assert.deepEqual([bucket, key, told, version_id], ["bucket", "a b", "bytes=1-2", "null"]);
  assert.match(differs, /content-range, etag/);
});
