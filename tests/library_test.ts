import assert from "node:assert/strict";
import {
  CACHE_DEFAULTS,
  createLog,
  createPipeline,
  type EntryRecord,
  entryRecordCodec,
  HttpUpstreamClient,
  openCache,
  parseEndpoint,
  READ_DEFAULTS,
  serveFront,
  UPSTREAM_DEFAULTS,
} from "@s3-edge-cache/s3-edge-cache";
import { startOrigin } from "@s3-edge-cache/sim";
import { TestClient } from "./_client.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";

Deno.test("the pipeline is built from the package and mounted in a server of one's own", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "value");
  const upstream = new HttpUpstreamClient({
    ...UPSTREAM_DEFAULTS,
    endpoint: parseEndpoint(origin.url),
    credentials: origin.credentials,
  });
  const s3 = serveFront(createPipeline({
    credentials: CLIENT_CREDENTIALS,
    region: "us-east-1",
    addressing: {},
    cache: openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec }),
    upstream,
    log: createLog({ level: "warn", write: console.error, now: Date.now }),
    verification: undefined,
    observe: undefined,
    now: Date.now,
    clientIdleMs: 60_000,
    reads: READ_DEFAULTS,
    lostWriteGraceMs: 60_000,
  }));
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) =>
      new URL(request.url).pathname === "/about" ? new Response("mine") : s3(request, info),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  assert.equal(await (await fetch(`${url}/about`)).text(), "mine");
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  assert.equal((await client.get("/bucket/key")).header("x-cache"), "MISS");
  assert.equal((await client.get("/bucket/key")).header("x-cache"), "HIT");
  await upstream.close();
});
