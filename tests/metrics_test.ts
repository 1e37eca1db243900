import assert from "node:assert/strict";
import { startOrigin } from "@s3-edge-cache/sim";
import {
  createTallyMemory,
  type Figures,
  METRICS,
  prometheusName,
  prometheusText,
  sumTallies,
  Tally,
} from "@s3-edge-cache/telemetry";
import { TestClient } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { parseExposition } from "./_exposition.ts";
import { CLIENT_CREDENTIALS } from "./_proxy.ts";
import { startRunning } from "./_running.ts";

function figures(): Figures {
  const memory = createTallyMemory(1);
  const tally = new Tally(memory, 0);
  for (const durationMs of [0.05, 3, 99_999]) {
    tally.request({
      bucket: "photos",
      outcome: "hit",
      status: 200,
      durationMs,
      bytes: 10,
      upstreamBytes: 0,
    });
  }
  tally.firstByte(12);
  return {
    sums: sumTallies(memory),
    cache: {
      bytes: 1,
      maxBytes: 2,
      entries: 3,
      maxEntries: 4,
      evictions: 5,
      leases: 6,
      fills: 7,
      writes: 8,
    },
    unique: { keys: 6.5, bytes: 7 },
    startedAt: 1_000,
    version: '1.0"\\',
  };
}

Deno.test("every metric is there, in the format's letter", () => {
  const families = parseExposition(prometheusText(figures()));
  assert.deepEqual([...families.keys()], METRICS.map(prometheusName));
  const value = (name: string) => families.get(name)!.samples[0]!.value;
  assert.equal(value("s3_cache_cache_hit_total"), 3);
  assert.equal(value("s3_cache_cache_size_bytes"), 1);
  assert.equal(value("s3_cache_start_time_seconds"), 1);
});

Deno.test("the names that people have dashboards for", () => {
  const names = METRICS.map(prometheusName);
  for (
    const name of [
      "s3_cache_cache_hit_total",
      "s3_cache_cache_miss_total",
      "s3_cache_cache_invalidation_total",
      "s3_cache_cache_mismatch_total",
      "s3_cache_cache_upstream_error_total",
      "s3_cache_cache_buffering_error_total",
      "s3_cache_cache_size_bytes",
      "s3_cache_cache_object_count",
      "s3_cache_cache_estimated_unique_keys",
      "s3_cache_cache_estimated_unique_bytes",
    ]
  ) assert.ok(names.includes(name), name);
});

Deno.test("the parser refuses what the format does not allow", () => {
  const head = "# HELP a_total x\n# TYPE a_total counter\n";
  parseExposition(`${head}a_total{b="c"} 1\n`);
  for (
    const wrong of [
      `${head}a_total{b="c"} 1`,
      `${head}a_total{b=c} 1\n`,
      `${head}a_total{b="c"} one\n`,
      `${head}a_total{b="c"} 1\na_total{b="c"} 1\n`,
      `${head}b_total 1\n`,
      "a_total 1\n",
      "# HELP a x\n# TYPE a counter\na 1\n",
    ]
  ) assert.throws(() => parseExposition(wrong), wrong);
});

for (const workers of ["1", "2"]) {
  Deno.test(`what ${workers} worker(s) did is what /metrics and /stats say`, async () => {
    await using origin = await startOrigin();
    origin.put("bucket", "small", "x".repeat(1_000));
    origin.put("bucket", "large", "y".repeat(100_000));
    await using proxy = await startRunning(origin, { WORKER_THREADS: workers });
    const seen: Record<string, number> = {};
    let bytes = 0;
    for (let i = 0; i < 24; i++) {
      await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
      for (const key of ["small", "large"]) {
        const answer = await client.get(`/bucket/${key}`);
        const outcome = answer.header("x-cache")!.toLowerCase();
        seen[outcome] = (seen[outcome] ?? 0) + 1;
        bytes += answer.body.length;
      }
    }
    await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
    await client.put("/bucket/small", "new");
    const absent = await client.get("/bucket/none");
    assert.equal(absent.status, 404);
    const stats = async () => await (await fetch(`${proxy.adminUrl}/stats`)).json();
    await eventually(async () => (await stats()).statuses["4xx"] === 1, "the last is counted");

    const told = await stats();
    assert.equal(told.hits, seen["hit"]);
    assert.equal(told.requests.hit, seen["hit"]);
    assert.equal(told.requests.miss, seen["miss"]! + 1);
    assert.equal(told.savedRequests, seen["hit"]);
    assert.equal(told.statuses["2xx"], 49);
    assert.equal(told.events.invalidation, 1);
    assert.equal(told.unique.keys, 2);
    assert.equal(told.unique.bytes, 101_000);
    const { upstreamBytes, savedBytes } = told.buckets.bucket;
    assert.equal(upstreamBytes, 101_000 + absent.body.length);
    assert.equal(savedBytes, bytes - 101_000);
    assert.equal(told.events.upstream_request, 4);
    assert.ok(told.latencyMs.hit.p50 > 0 && told.upstreamFirstByteMs.p50 > 0);

    const metrics = await fetch(`${proxy.adminUrl}/metrics`);
    const families = parseExposition(await metrics.text());
    const [hits] = families.get("s3_cache_cache_hit_total")!.samples;
    assert.equal(hits!.value, told.hits);
    const sent = bytes + absent.body.length;
    const served = families.get("s3_cache_served_bytes_total")!.samples;
    assert.ok(served.some(({ labels, value }) => labels["bucket"] === "bucket" && value === sent));
  });
}

Deno.test("failures of the origin are counted, and a body that is not what its ETag says", async () => {
  await using origin = await startOrigin();
  origin.put("bucket", "key", "x".repeat(1_000));
  await using proxy = await startRunning(origin);
  await using client = new TestClient(proxy.url, CLIENT_CREDENTIALS);
  const events = async () => (await (await fetch(`${proxy.adminUrl}/stats`)).json()).events;
  origin.fault({}, { kind: "hang_up" }, 3);
  assert.equal((await client.get("/bucket/key")).status, 503);
  origin.fault({}, { kind: "error", status: 500, code: "InternalError" });
  assert.equal((await client.get("/bucket/key")).status, 500);
  assert.equal((await events()).upstream_error, 2);
  assert.equal((await events()).buffering_error, 0);
  const body = new TextEncoder().encode("z".repeat(1_000));
  origin.fault({}, { kind: "alter", alter: (answer) => ({ ...answer, body }) });
  assert.equal((await client.get("/bucket/key")).text, "z".repeat(1_000));
  await eventually(async () => (await events()).buffering_error === 1, "the fill is counted");
});
