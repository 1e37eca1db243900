import assert from "node:assert/strict";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy, WORKERS } from "./_proxy.ts";

/** A proxy that checks every hit, and what came of each check. */
async function startVerifying(
  extent = 1,
): Promise<{ proxy: TestProxy; compared: (readonly string[])[] }> {
  const compared: (readonly string[])[] = [];
  const onCompared = ({ differences }: { differences: readonly string[] }) => {
    compared.push(differences);
  };
  return { proxy: await startTestProxy({ verification: { extent, onCompared } }), compared };
}

Deno.test("hits are answered from the cache and checked afterwards; equal ones never count", async () => {
  const { proxy, compared } = await startVerifying();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "x".repeat(100_000));
  await client.get("/bucket/key");
  await client.get("/bucket/part", ["range", "bytes=0-9"]);
  for (let i = 0; i < 30 * WORKERS; i++) {
    const range = i % 3 === 0 ? [["range", "bytes=5-9"] as const] : [];
    assert.equal((await client.get("/bucket/key", ...range)).header("x-cache"), "HIT");
    await eventually(() => compared.length === i + 1, "the hit is checked");
  }
  assert.deepEqual(compared.flat(), []);
  assert.equal(
    origin.countCalls({ operation: "GetObject" }),
    2 + 3 * WORKERS,
    "one in ten is deep",
  );
  assert.equal(origin.countCalls({ operation: "HeadObject" }), 27 * WORKERS);
});

Deno.test("a change behind the proxy is found by a later hit, told once, and the entry dropped", async () => {
  const { proxy, compared } = await startVerifying();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "old");
  await client.get("/bucket/key");
  origin.put("bucket", "key", "new");
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.get("/bucket/key")));
  assert.ok(answers.some((answer) => answer.header("x-cache") === "HIT" && answer.text === "old"));
  await eventually(() => compared.some((differences) => differences.length > 0), "it is found");
  await eventually(async () => (await client.get("/bucket/key")).text === "new", "it is dropped");
  const told = compared.filter((differences) => differences.length > 0);
  assert.deepEqual(told.map((differences) => differences.includes("etag")), [true]);
});

Deno.test("a body that changed under its ETag is found by a deep check", async () => {
  const { proxy, compared } = await startVerifying();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "x".repeat(50_000));
  await client.get("/bucket/key");
  origin.fault({}, {
    kind: "alter",
    alter: (answer) => ({ ...answer, body: new Uint8Array(50_000).fill(121) }),
  });
  await client.get("/bucket/key");
  await eventually(() => compared.length === 1, "the hit is checked");
  assert.deepEqual(compared, [["body"]]);
  assert.equal(proxy.cache.stats().entries, 0);
});

Deno.test("an origin that fails says nothing, and a share of 0 checks nothing", async () => {
  const { proxy, compared } = await startVerifying();
  await using _proxy = proxy;
  const { client, origin } = proxy;
  origin.put("bucket", "key", "body");
  await client.get("/bucket/key");
  origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
  await client.get("/bucket/key");
  await eventually(() => origin.countCalls({}) === 2, "the origin is asked");
  await client.get("/bucket/key");
  await eventually(() => compared.length === 1, "the next hit is checked");
  assert.deepEqual(compared, [[]]);

  const none = await startVerifying(0);
  await using _none = none.proxy;
  none.proxy.origin.put("bucket", "key", "body");
  for (let i = 0; i < 5; i++) await none.proxy.client.get("/bucket/key");
  assert.equal(none.proxy.origin.countCalls({}), 1);
});
