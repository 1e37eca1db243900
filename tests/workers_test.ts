import assert from "node:assert/strict";
import type { RunningProxy } from "@s3-edge-cache/proxy";
import { type Origin, startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "./_client.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";
import { startRunning } from "./_running.ts";

const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
const TARGET = "/bucket/key";

function start(origin: Origin, more: Readonly<Record<string, string>> = {}): Promise<RunningProxy> {
  return startRunning(origin, { ADMIN_ADDR: "off", WORKER_THREADS: "4", ...more });
}

/** Reads by as many connections, which the kernel spreads over the workers. */
function readByMany(url: string, count: number): Promise<Response[]> {
  const signed = async () => {
    await using client = new TestClient(url, CLIENT_CREDENTIALS);
    const answer = await client.get(TARGET);
    return new Response(answer.body as Uint8Array<ArrayBuffer>, {
      status: answer.status,
      headers: answer.headers.filter(([name]) => name === "x-cache") as [string, string][],
    });
  };
  return Promise.all(Array.from({ length: count }, signed));
}

async function outcomes(answers: readonly Response[]): Promise<Set<string | null>> {
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.bytes(), BODY);
  }
  return new Set(answers.map((answer) => answer.headers.get("x-cache")));
}

Deno.test("what one worker fetched all of them serve; clients of a cold object cost one request", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", BODY);
  await using proxy = await start(origin);
  using held = origin.hold({ operation: "GetObject", phase: "body", bytes: 1000 });
  const cold = readByMany(proxy.url, 40);
  await held.arrived;
  held.release();
  const colds = await outcomes(await cold);
  assert.ok(colds.has("MISS") && colds.has("FOLLOW"), [...colds].join());
  assert.deepEqual(await outcomes(await readByMany(proxy.url, 40)), new Set(["HIT"]));
  assert.equal(origin.countCalls({ operation: "GetObject" }), 1);
  assert.equal(proxy.stats()!.entries, 1);
});

Deno.test("a write through one worker is seen by all before its answer is sent", async () => {
  await using origin = await startOrigin();
  await using proxy = await start(origin);
  await using writer = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  for (let version = 0; version < 20; version++) {
    assert.equal((await writer.put(TARGET, `version ${version}`)).status, 200);
    const answers = await readByMany(proxy.url, 12);
    for (const answer of answers) assert.equal(await answer.text(), `version ${version}`);
  }
});

Deno.test("an address that is taken is refused, also for many workers", async () => {
  await using origin = await startOrigin();
  await assert.rejects(
    start(origin, { LISTEN_ADDR: `127.0.0.1:${origin.port}` }),
    Deno.errors.AddrInUse,
  );
});
