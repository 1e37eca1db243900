import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { HeaderPair } from "@s3-edge-cache/s3";
import type { Answer } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy } from "./_proxy.ts";
import { Wire } from "./_wire.ts";

const TARGET = "/bucket/key";
const LARGE = 9_000_000;
const large = Uint8Array.from({ length: LARGE }, (_, i) => (i ^ (i >> 9)) & 255);

async function start(): Promise<TestProxy> {
  const proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "0123456789");
  proxy.origin.put("bucket", "large", large);
  return proxy;
}

function assertLarge(answer: Answer | undefined): void {
  assert.equal(answer?.body.length, LARGE);
  assert.ok(Buffer.compare(answer.body, large) === 0);
}

/** Expects the proxy to serve on. */
async function assertServes({ client }: TestProxy): Promise<void> {
  assert.equal((await client.get(TARGET)).text, "0123456789");
  assert.equal((await client.put("/bucket/another", "text")).status, 200);
}

async function assertNothingHeld({ cache, origin }: TestProxy): Promise<void> {
  await eventually(async () => {
    const { leases, fills, writes } = await cache.stats();
    return leases + fills + writes === 0;
  }, "nothing is held");
  assert.ok(origin.connections <= 2);
}

Deno.test("a client that leaves in the middle of a miss ends the fill and the upstream request", async () => {
  await using proxy = await start();
  proxy.origin.fault({ key: "large" }, { kind: "stall", bytes: 500_000 });
  const answer = await proxy.client.open({ target: "/bucket/large" });
  for await (const _ of answer.body) break;
  answer.body.destroy();
  await eventually(() => proxy.origin.connections === 0, "the origin sees it leave");
  await assertNothingHeld(proxy);
  assert.equal((await proxy.cache.stats()).entries, 0);
  assertLarge(await proxy.client.get("/bucket/large"));
});

Deno.test("a client that leaves before its answer ends the upstream request", async () => {
  await using proxy = await start();
  for (const method of ["GET", "HEAD"]) {
    proxy.origin.fault({ key: "key" }, { kind: "silence" });
    const before = proxy.origin.calls.length;
    {
      using wire = await Wire.connect(proxy.url);
      await wire.send(wire.signed({ method, target: TARGET }));
      await eventually(() => proxy.origin.calls.length > before, "the origin is asked");
    }
    await eventually(() => proxy.origin.connections === 0, "the origin sees it leave");
    await assertNothingHeld(proxy);
  }
  await assertServes(proxy);
});

Deno.test("a client that leaves in the middle of a hit gives its lease back", async () => {
  await using proxy = await start();
  await proxy.client.get("/bucket/large");
  const leases = async () => (await proxy.cache.stats()).leases;
  for (const headers of [[], [["range", "bytes=1000-8000000"]]] as HeaderPair[][]) {
    const answer = await proxy.client.open({ target: "/bucket/large", headers });
    // Not by a loop: one that is left destroys the body.
    await answer.body[Symbol.asyncIterator]().next();
    assert.equal(await leases(), 1);
    answer.body.destroy();
    await eventually(async () => await leases() === 0, "the lease is given back");
  }
  assertLarge(await proxy.client.get("/bucket/large"));
});

Deno.test("the write of a client that leaves is seen through, and ends", async () => {
  await using proxy = await start();
  const { client, origin } = proxy;
  await client.get(TARGET);
  using held = origin.hold({ operation: "PutObject", phase: "head" });
  origin.fault({ key: "silent" }, { kind: "silence" });
  {
    using reader = await Wire.connect(proxy.url);
    using writer = await Wire.connect(proxy.url);
    const headers: HeaderPair[] = [["content-length", "3"]];
    await writer.send(writer.signed({ method: "PUT", target: TARGET, headers }) + "new");
    await held.arrived;
    await reader.send(reader.signed({ target: "/bucket/silent" }));
    await eventually(() => origin.countCalls({ key: "silent" }) === 1, "the origin is asked");
  }
  // When the read is given up, the proxy has noticed the writer's leaving too.
  await eventually(() => origin.connections === 1, "the read is given up");
  held.release();
  await assertNothingHeld(proxy);
  assert.equal((await client.get(TARGET)).text, "new");
  const put = origin.calls.find(({ method }) => method === "PUT")!;
  await client.put("/bucket/another", "write");
  assert.equal(origin.calls.at(-1)!.connection, put.connection, "the write was given up");
});

for (const outcome of ["MISS", "HIT"] as const) {
  Deno.test(`a slow reader slows nobody, and gets everything: ${outcome}`, async () => {
    await using proxy = await start();
    if (outcome === "HIT") await proxy.client.get("/bucket/large");
    using wire = await Wire.connect(proxy.url);
    await wire.send(wire.signed({ target: "/bucket/large" }));
    for (let i = 0; i < 3; i++) {
      assertLarge(await proxy.client.get("/bucket/large"));
      await assertServes(proxy);
    }
    const slow = await wire.answer();
    assert.equal(slow?.header("x-cache"), outcome);
    assertLarge(slow);
  });
}

Deno.test("what a slow reader reads stays, also when the object is written meanwhile", async () => {
  await using proxy = await start();
  await proxy.client.get("/bucket/large");
  using wire = await Wire.connect(proxy.url);
  await wire.send(wire.signed({ target: "/bucket/large" }));
  await eventually(async () => (await proxy.cache.stats()).leases === 1, "the hit begins");
  assert.equal((await proxy.client.put("/bucket/large", "new")).status, 200);
  assert.equal((await proxy.client.get("/bucket/large")).text, "new");
  for (let i = 0; i < 5; i++) {
    await proxy.client.put(`/bucket/filler-${i}`, new Uint8Array(1_000_000).fill(i));
    await proxy.client.get(`/bucket/filler-${i}`);
  }
  assertLarge(await wire.answer());
});

const RUBBISH: readonly (readonly [name: string, bytes: string])[] = [
  ["a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00".repeat(500)],
  ["noise", "\x00\xff\xfe\r\n\r\n\r\n"],
  ["another protocol", "EHLO example.com\r\n\r\n"],
  ["a request line of one word", "GET\r\n\r\n"],
  ["an unknown version", "GET / HTTP/9.9\r\nHost: x\r\n\r\n"],
  ["a field without a colon", "GET / HTTP/1.1\r\nHost: x\r\nrubbish\r\n\r\n"],
  ["a blank before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"],
  ["a control in a field", "GET / HTTP/1.1\r\nHost: x\r\nA: a\x00b\r\n\r\n"],
  ["a control in the target", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a target that is no path", "GET bucket/key HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a tunnel", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"],
  ["no host", "GET /bucket/key HTTP/1.1\r\n\r\n"],
  ["a host that ends the authority", "GET /bucket/key HTTP/1.1\r\nHost: a/b?c#d\r\n\r\n"],
  ["a target of 1 MB", `GET /${"a".repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ["a field of 1 MB", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(1_000_000)}\r\n\r\n`],
  ["10,000 fields", `GET / HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(10_000)}\r\n`],
  ["a negative length", "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
  [
    "a length with a sign",
    "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde",
  ],
  ["a length of letters", "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n"],
  [
    "two lengths",
    "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
  ],
  [
    "a length beyond counting",
    "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\nab",
  ],
  [
    "an unknown transfer coding",
    "PUT /bucket/key HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nab",
  ],
];

/** Reads what comes back to bytes after which no more come; `undefined` for a cut. */
async function answerTo(proxy: TestProxy, bytes: string): Promise<Answer | undefined> {
  using wire = await Wire.connect(proxy.url);
  try {
    await wire.send(bytes);
    await wire.end();
  } catch (error) {
    const hungUp = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.NotConnected;
    if (!hungUp) throw error;
  }
  return await wire.answer();
}

for (const [name, bytes] of RUBBISH) {
  Deno.test(`rubbish is refused or dropped: ${name}`, async () => {
    await using proxy = await start();
    const answer = await answerTo(proxy, bytes);
    if (answer !== undefined) {
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${answer.text}`);
    }
    assert.equal(proxy.origin.calls.length, 0);
    await assertServes(proxy);
  });
}

Deno.test("a signed upload with two lengths is refused, and the origin sees nothing whole", async () => {
  await using proxy = await start();
  const lengths: readonly (readonly [headers: HeaderPair[], body: string])[] = [
    [[["content-length", "3"], ["transfer-encoding", "chunked"]], "3\r\nnew\r\n0\r\n\r\n"],
    [[["transfer-encoding", "chunked"], ["content-length", "13"]], "3\r\nnew\r\n0\r\n\r\n"],
    [[["content-length", "3"], ["content-length", "4"]], "newx"],
    [[["content-length", "-3"]], "new"],
  ];
  for (const [headers, body] of lengths) {
    using signing = await Wire.connect(proxy.url);
    const head = signing.signed({ method: "PUT", target: TARGET, headers });
    const answer = await answerTo(proxy, head + body);
    if (answer !== undefined) {
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${headers}`);
    }
  }
  await assertNothingHeld(proxy);
  assert.equal(proxy.origin.countCalls({ method: "PUT" }), 0);
  await assertServes(proxy);
});

Deno.test("a host that would shift what the path is is refused, signed or not", async () => {
  await using proxy = await start();
  for (const host of ["a/b", "a/bucket", "a?b", "a#b", "a b", "user@a", "a\\b"]) {
    for (const unsigned of [false, true]) {
      const headers: HeaderPair[] = [["host", host]];
      const answer = await proxy.client.send({ target: TARGET, headers, unsigned });
      assert.equal(answer.status, 400, host);
    }
  }
  assert.equal(proxy.origin.calls.length, 0);
});

Deno.test("half a request holds nothing up", async () => {
  await using proxy = await start();
  const whole = "GET /bucket/key HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4";
  for (const bytes of ["", "G", whole.slice(0, 30), whole]) {
    using silent = await Wire.connect(proxy.url);
    await silent.send(bytes);
    await assertServes(proxy);
    assert.equal(await answerTo(proxy, bytes), undefined);
  }
  assert.equal(proxy.events.length, 0, proxy.events.join("\n"));
});

Deno.test("an absolute target is the same as its path, and the signature covers its host", async () => {
  await using proxy = await start();
  using wire = await Wire.connect(proxy.url);
  const head = wire.signed({ target: TARGET });
  await wire.send(head.replace(`GET ${TARGET}`, `GET ${proxy.url}${TARGET}`));
  assert.equal((await wire.answer())?.text, "0123456789");
  await wire.send(head.replace(`GET ${TARGET}`, `GET ${proxy.url}/bucket/large`));
  assert.equal((await wire.answer())?.status, 403);
});
