import assert from "node:assert/strict";
import { ConfigError, type RunningProxy } from "@s3-edge-cache/proxy";
import { startOrigin } from "@s3-edge-cache/sim";
import { METRICS } from "@s3-edge-cache/telemetry";
import { TestClient } from "./_client.ts";
import { startCollector } from "./_collector.ts";
import { eventually } from "./_eventually.ts";
import { readFeed } from "./_feed.ts";
import { parseExposition } from "./_exposition.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";
import { startRunning } from "./_running.ts";

Deno.test("a collector gets every metric by its name, and of the whole proxy", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "body");
  await using collector = await startCollector();
  await using proxy = await startRunning(origin, {
    WORKER_THREADS: "2",
    OTEL_GRPC_ENDPOINT_URL: collector.url,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  for (let i = 0; i < 10; i++) {
    await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
    await client.get("/bucket/key");
  }
  const latest = () => collector.exports.at(-1)!;
  await eventually(
    () => collector.exports.length > 0 && latest().metrics.get("cache.hit")!.value === 9,
    "nine hits are exported",
  );
  const { resource, metrics } = latest();
  assert.equal(resource.get("service.name"), "s3-edge-cache");
  assert.deepEqual([...metrics.keys()], METRICS.map(({ name }) => name));
  const kinds = { counter: "sum", gauge: "gauge", histogram: "histogram" };
  for (const { name, kind } of METRICS) assert.equal(metrics.get(name)!.kind, kinds[kind], name);
  assert.equal(metrics.get("cache.miss")!.value, 1);
  assert.equal(metrics.get("request.duration")!.value, 9);
});

Deno.test("a collector that is down, comes and goes harms no request and gets what it missed", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "body");
  const first = await startCollector();
  const port = Number(new URL(first.url).port);
  await using proxy = await startRunning(origin, {
    OTEL_GRPC_ENDPOINT_URL: first.url,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  await eventually(() => first.exports.length > 0, "the collector is there");
  await first[Symbol.asyncDispose]();
  for (let i = 0; i < 20; i++) assert.equal((await client.get("/bucket/key")).status, 200);
  await using second = await startCollector(port);
  await eventually(
    () => second.exports.at(-1)?.metrics.get("cache.hit")?.value === 19,
    "what was counted meanwhile arrives",
  );
});

Deno.test("a collector that restarts all the time does the proxy no harm", async () => {
  await using origin = await startOrigin();
  const first = await startCollector();
  const port = Number(new URL(first.url).port);
  await using _proxy = await startRunning(origin, {
    OTEL_GRPC_ENDPOINT_URL: first.url,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await first[Symbol.asyncDispose]();
  for (let i = 0; i < 10; i++) {
    await using collector = await startCollector(port);
    await eventually(() => collector.exports.length > 0, "it is exported to");
  }
});

Deno.test("a collector is sent the fields that it wants, and may reject points", async () => {
  await using origin = await startOrigin();
  const text = [...new TextEncoder().encode("too many")];
  const rejected = [0x08, 3, 0x12, text.length, ...text];
  const answer = new Uint8Array([0x0a, rejected.length, ...rejected]);
  await using collector = await startCollector(0, answer);
  await using proxy = await startRunning(origin, {
    OTEL_GRPC_ENDPOINT_URL: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "Api-Key=a%20key, tenant=many",
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await eventually(() => collector.metadata.length > 0, "it is exported to");
  assert.deepEqual(collector.metadata[0]!.get("api-key"), ["a key"]);
  assert.deepEqual(collector.metadata[0]!.get("tenant"), ["many"]);
  await eventually(() => collector.metadata.length > 1, "all of that is through once");
  assert.equal(await errorTold(proxy), "3 data points rejected: too (secret)");
});

Deno.test("a collector that says nothing holds up the end for one send at most", async () => {
  await using origin = await startOrigin();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = silent.accept();
  const proxy = await startRunning(origin, {
    OTEL_GRPC_ENDPOINT_URL: `http://127.0.0.1:${silent.addr.port}`,
    OTEL_METRIC_EXPORT_INTERVAL: "2000",
  });
  const conn = await accepted;
  const begin = performance.now();
  await proxy.drain();
  const took = performance.now() - begin;
  conn.close();
  assert.ok(took < 3_000, `${took} ms`);
});

Deno.test("a collector that is not there is told of with the reason", async () => {
  await using origin = await startOrigin();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  await using proxy = await startRunning(origin, {
    OTEL_GRPC_ENDPOINT_URL: `http://127.0.0.1:${listener.addr.port}`,
    OTEL_METRIC_EXPORT_INTERVAL: "100",
  });
  await eventually(async () => /Connection refused/.test(await errorTold(proxy)), "it is told");
});

Deno.test("the text file is there from the start and at the end, whole and alone", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "body");
  const directory = await Deno.makeTempDir();
  const file = `${directory}/s3_edge_cache.prom`;
  const hits = async () =>
    parseExposition(await Deno.readTextFile(file)).get("s3_cache_cache_hit_total")!
      .samples[0]!.value;
  {
    await using proxy = await startRunning(origin, { PROMETHEUS_TEXTFILE_DIR: directory });
    assert.equal(await hits(), 0);
    await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
    for (let i = 0; i < 3; i++) await client.get("/bucket/key");
    await proxy.drain();
  }
  assert.equal(await hits(), 2);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name), [
    "s3_edge_cache.prom",
  ]);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a directory that is not there is a wrong setting", async () => {
  await using origin = await startOrigin();
  const starting = startRunning(origin, { PROMETHEUS_TEXTFILE_DIR: "/nowhere/at/all" });
  await assert.rejects(starting, (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^PROMETHEUS_TEXTFILE_DIR="\/nowhere\/at\/all": No such file/);
    return true;
  });
});

/** What the latest event says went wrong; empty if there is none. */
async function errorTold(proxy: RunningProxy): Promise<string> {
  const { events } = await readFeed(proxy);
  return events[0]?.fields.error ?? "";
}
