import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Cache, CACHE_DEFAULTS, openCache } from "@s3-edge-cache/cache";
import {
  cacheability,
  HeaderList,
  type HeaderPair,
  parseRequestTarget,
  routeOperation,
} from "@s3-edge-cache/s3";
import { type ByteSource, sourceStream, streamSource } from "@s3-edge-cache/upstream";
import { type EntryRecord, entryRecordCodec } from "./entry_record.ts";
import { READ_DEFAULTS } from "./read_rules.ts";
import { serveCached } from "./serve_cached.ts";
import { Trace } from "./trace.ts";
import { BYPASS, type Handler, type RawResponse, type RoutedRequest } from "./request.ts";

const BODY = "0123456789";
const LENGTH = ["content-length", "10"] as const;
const MD5 = `"${createHash("md5").update(BODY).digest("hex")}"`;

function read(target = "/bucket/key", ...fields: HeaderPair[]): RoutedRequest {
  const headers = new HeaderList([["host", "localhost"], ...fields]);
  const cut = parseRequestTarget({ method: "GET", target, headers });
  const route = routeOperation("GET", cut, headers);
  const raw = {
    method: "GET",
    target,
    headers,
    body: null,
    id: "",
    trace: new Trace(0),
    signal: new AbortController().signal,
    completed: new Promise<void>(() => {}),
  };
  const judged = cacheability(route, cut, headers);
  return { raw, target: cut, upload: undefined, anonymous: false, route, cacheability: judged };
}

function textOf(body: RawResponse["body"]): Promise<string> {
  const stream = sourceStream(body as ByteSource) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(stream).text();
}

/** The stage over an origin, at the beginning of time. */
function stageOver(cache: Cache<EntryRecord>, next: Handler<RoutedRequest>) {
  return serveCached({ cache, now: () => 0, rules: READ_DEFAULTS, log: () => {} }, next);
}

/** Fills from an answer of these fields and chunks; tells whether an entry was kept. */
async function isKept(fields: readonly HeaderPair[], chunks = [BODY], status = 200) {
  const cache = openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec });
  const stage = stageOver(cache, () =>
    Promise.resolve({
      status,
      headers: fields,
      body: streamSource(
        ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk))),
      ),
      outcome: BYPASS,
    }));
  const answer = await stage(read());
  const text = await textOf(answer.body).catch(() => "broken off");
  const whole = chunks.join("");
  const announced = fields.find(([name]) => name === "content-length")?.[1] ?? "10";
  assert.equal(text, announced === String(whole.length) ? whole : "broken off");
  cache.audit();
  assert.equal(cache.stats().fills, 0);
  return cache.stats().entries === 1;
}

for (
  const [what, fields, kept] of [
    ["neither length nor digest", [], false],
    ["its length", [LENGTH], true],
    ["another length", [["content-length", "11"]], false],
    ["its MD5 as ETag and no length", [["etag", MD5]], true],
    ["another MD5 as ETag", [["etag", `"${"0".repeat(32)}"`]], false],
    ["the ETag of a multipart upload", [LENGTH, ["etag", `"${"0".repeat(32)}-2"`]], true],
    [
      "another MD5 as ETag, encrypted by KMS",
      [LENGTH, ["etag", `"${"0".repeat(32)}"`], ["x-amz-server-side-encryption", "aws:kms"]],
      true,
    ],
    ["no-store", [LENGTH, ["cache-control", "private, no-store"]], false],
    ["no-cache", [LENGTH, ["cache-control", "no-cache"]], true],
    ["Vary: Origin", [LENGTH, ["vary", "Origin, Access-Control-Request-Headers"]], true],
    ["Vary: Cookie", [LENGTH, ["vary", "Cookie"]], false],
    ["Vary: *", [LENGTH, ["vary", "*"]], false],
    ["Vary: Accept-Encoding, not encoded", [LENGTH, ["vary", "Accept-Encoding"]], true],
    [
      "Vary: Accept-Encoding, encoded",
      [LENGTH, ["vary", "Accept-Encoding"], ["content-encoding", "gzip"]],
      false,
    ],
    [
      "Vary: Accept-Encoding, encoded as it is stored",
      [["vary", "Accept-Encoding"], ["content-encoding", "gzip"], ["etag", MD5]],
      true,
    ],
  ] as const
) {
  Deno.test(`an answer with ${what} is ${kept ? "kept" : "not kept"}`, async () => {
    assert.equal(await isKept(fields), kept);
    assert.equal(await isKept(fields, ["01234", "56789"]), kept);
  });
}

for (const status of [201, 206, 304, 404, 500]) {
  Deno.test(`a ${status} is not kept`, async () => {
    assert.equal(await isKept([LENGTH], [BODY], status), false);
  });
}

Deno.test("the object's own fields are asked for and stored, the request's answered", async () => {
  const cache = openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec });
  const queries: string[] = [];
  const stage = stageOver(cache, (request) => {
    queries.push(request.target.query.raw);
    const body = streamSource(ReadableStream.from([new TextEncoder().encode(BODY)]));
    const headers = [["content-type", "image/png"], LENGTH] as const;
    return Promise.resolve({ status: 200, headers, body, outcome: BYPASS });
  });
  const answer = await stage(read("/bucket/key?response-content-type=text%2Fplain&x-id=GetObject"));
  await textOf(answer.body);
  assert.deepEqual(queries, ["x-id=GetObject"]);
  assert.deepEqual(answer.headers, [["content-type", "text/plain"], LENGTH]);
  const lease = cache.lookup("bucket/key", "", 0)!;
  assert.deepEqual(lease.record.headers, [["content-type", "image/png"]]);
  lease.release();
});

Deno.test("a client that leaves while nobody else reads along gives the fill up", async () => {
  const cache = openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec });
  const cancelled = Promise.withResolvers<void>();
  let pulls = 0;
  const stage = stageOver(cache, () => {
    const body = {
      lasting: true,
      read: () => pulls++ === 0 ? new Uint8Array(5) : cancelled.promise.then(() => undefined),
      release: () => cancelled.resolve(),
    };
    return Promise.resolve({ status: 200, headers: [LENGTH], body, outcome: BYPASS });
  });
  const { body } = await stage(read());
  const source = body as ByteSource;
  await source.read();
  assert.equal(cache.stats().fills, 1);
  source.release();
  await cancelled.promise;
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(cache.stats().fills, 0);
  assert.equal(cache.stats().bytes, 0);
});

Deno.test("a reader that does not read slows nobody, also where the length is not told", async () => {
  for (const length of [10, 2_000_000]) {
    const cache = openCache<EntryRecord>({ ...CACHE_DEFAULTS, codec: entryRecordCodec });
    const whole = "0123456789".repeat(length / 10);
    const etag = `"${createHash("md5").update(whole).digest("hex")}"`;
    const release = Promise.withResolvers<void>();
    let requests = 0;
    const stage = stageOver(cache, async () => {
      if (requests++ === 0) await release.promise;
      const chunks = whole.match(/.{1,70000}/g)!.map((chunk) => new TextEncoder().encode(chunk));
      const body = streamSource(ReadableStream.from(chunks));
      return { status: 200, headers: [["etag", etag]], body, outcome: BYPASS };
    });
    const [slow, fast] = [stage(read()), stage(read())];
    release.resolve();
    const leader = await slow;
    assert.equal(await textOf((await fast).body), whole);
    assert.equal(requests, length === 10 ? 1 : 2, "what is not kept is not shared");
    assert.equal(await textOf(leader.body), whole);
    cache.audit();
    assert.deepEqual([cache.stats().fills, cache.stats().leases], [0, 0]);
  }
});
