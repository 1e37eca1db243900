import assert from "node:assert/strict";
import type { Fault } from "@s3-edge-cache/sim";
import type { Answer, TestRequest } from "./_client.ts";
import { forget } from "./_differential.ts";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy } from "./_proxy.ts";
import { assertS3Error, element } from "./_s3_error.ts";

const TARGET = "/bucket/key";
const SIZES = [10, 300_000] as const;
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7) % 251);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Upstream bounds that a test can wait for. */
const IMPATIENT = { firstByteTimeoutMs: 100, idleTimeoutMs: 100 };

async function start(size: number, upstream: Partial<typeof IMPATIENT> = {}): Promise<TestProxy> {
  const proxy = await startTestProxy({ upstream });
  proxy.origin.put("bucket", "key", bytes(size));
  return proxy;
}

/** Expects the truth: once from the origin, and once more from the cache. */
async function assertHealthy({ client, origin }: TestProxy, size: number): Promise<void> {
  for (const cache of ["MISS", "HIT"]) {
    const answer = await client.get(TARGET);
    assert.deepEqual([answer.status, answer.header("x-cache")], [200, cache]);
    assert.deepEqual(answer.body, bytes(size));
  }
  assert.equal((await client.put("/bucket/another", "text")).status, 200);
  assert.equal(new TextDecoder().decode(origin.get("bucket", "another")!.body), "text");
}

const READS: readonly TestRequest[] = [
  { target: TARGET },
  { method: "HEAD", target: TARGET },
  { target: TARGET, headers: [["range", "bytes=0-4"]] },
  { target: "/bucket?list-type=2" },
];

for (const kind of ["hang_up", "lose_answer"] as const) {
  Deno.test(`a read whose connection is lost before the answer is sent again: ${kind}`, async () => {
    await using proxy = await start(10);
    for (const request of READS) {
      for (const times of [1, 2]) {
        await forget(proxy);
        proxy.origin.reset();
        proxy.origin.fault({}, { kind }, times);
        const answer = await proxy.client.send(request);
        assert.ok([200, 206].includes(answer.status), JSON.stringify(request));
        assert.equal(proxy.origin.calls.length, times + 1);
      }
    }
  });
}

Deno.test("a read that never finds the origin is ServiceUnavailable", async () => {
  await using proxy = await start(10);
  proxy.origin.fault({}, { kind: "hang_up" }, 3);
  assertS3Error(await proxy.client.get(TARGET), 503, "ServiceUnavailable");
  assert.equal(proxy.origin.calls.length, 3);
  assert.ok(proxy.events.some((event) => event.startsWith("warn ")));
  await assertHealthy(proxy, 10);
});

const WRITES: readonly TestRequest[] = [
  { method: "PUT", target: TARGET, body: "new" },
  { method: "PUT", target: TARGET, body: "" },
  { method: "PUT", target: TARGET, body: "", headers: [["x-amz-copy-source", "/bucket/key"]] },
  { method: "DELETE", target: "/bucket/none" },
  { method: "POST", target: `${TARGET}?uploads`, body: "" },
  { method: "PUT", target: `${TARGET}?acl`, headers: [["x-amz-acl", "private"]] },
];

Deno.test("a write is sent once, whatever becomes of it", async () => {
  await using proxy = await start(10);
  for (const request of WRITES) {
    for (const kind of ["hang_up", "lose_answer"] as const) {
      proxy.origin.reset();
      proxy.origin.fault({}, { kind });
      assertS3Error(await proxy.client.send(request), 503, "ServiceUnavailable");
      assert.equal(proxy.origin.calls.length, 1, JSON.stringify(request));
    }
  }
});

Deno.test("an origin that says nothing is a GatewayTimeout, and is not asked again", async () => {
  await using proxy = await start(10, IMPATIENT);
  for (const request of [READS[0]!, WRITES[0]!, WRITES[3]!]) {
    proxy.origin.reset();
    proxy.origin.fault({}, { kind: "silence" });
    assertS3Error(await proxy.client.send(request), 504, "GatewayTimeout");
    assert.equal(proxy.origin.calls.length, 1);
  }
  await assertHealthy(proxy, 10);
});

/** Sends, and tells what came of it: an answer, or that the connection was cut. */
async function outcome(sent: Promise<Answer>): Promise<Answer | "cut"> {
  return await sent.catch((error) => {
    assert.match(String(error.code ?? error.cause?.code ?? error), /UND_ERR_SOCKET|ECONNRESET/);
    return "cut" as const;
  });
}

for (const size of SIZES) {
  for (const kind of ["cut", "stall"] as const) {
    for (const sent of [0, 1, size - 1]) {
      Deno.test(`${size} bytes of which ${sent} come: ${kind}; the client is cut off`, async () => {
        await using proxy = await start(size, kind === "stall" ? IMPATIENT : {});
        proxy.origin.fault({}, { kind, bytes: sent });
        assert.equal(await outcome(proxy.client.get(TARGET)), "cut");
        assert.equal((await proxy.cache.stats()).entries, 0);
        await assertHealthy(proxy, size);
      });
    }
  }
}

Deno.test("a document that breaks off is cut off", async () => {
  await using proxy = await start(10);
  const requests = [READS[3]!, WRITES[2]!, { target: `${TARGET}?tagging` }];
  for (const request of requests) {
    for (const sent of [0, 40]) {
      proxy.origin.fault({}, { kind: "cut", bytes: sent });
      assert.equal(await outcome(proxy.client.send(request)), "cut", JSON.stringify(request));
    }
  }
  await assertHealthy(proxy, 10);
});

const EXTRAS: readonly string[] = [
  "x",
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: "a"\r\n\r\nevil',
  "x".repeat(100_000),
];

for (const size of SIZES) {
  Deno.test(`more bytes than the announced ${size} answer nobody`, async () => {
    await using proxy = await start(size);
    for (const extra of EXTRAS) {
      await forget(proxy);
      proxy.origin.fault({}, { kind: "overlong", extra: latin1(extra) });
      const answer = await outcome(proxy.client.get(TARGET));
      if (answer === "cut") assert.equal(proxy.cache.stats().entries, 0);
      else assert.deepEqual(answer.body, bytes(size));
      const others = await Promise.all(
        Array.from({ length: 4 }, (_, i) => proxy.client.get(`/bucket/none-${i}`)),
      );
      assert.ok(others.every(({ status }) => status === 404));
      const again = await proxy.client.get(TARGET);
      assert.deepEqual(again.body, bytes(size));
    }
  });
}

Deno.test("a Content-Length that is not the body's never gives a short body", async () => {
  await using proxy = await start(10, IMPATIENT);
  for (const length of ["20", "4"]) {
    proxy.origin.fault({}, {
      kind: "answer",
      answer: {
        status: 200,
        headers: [["Content-Length", length], ["ETag", '"0-1"']],
        body: latin1("0123456789"),
        framing: "length",
      },
    });
    assert.equal(await outcome(proxy.client.get("/bucket/other")), "cut");
    assert.equal(proxy.cache.stats().entries, 0);
  }
  await assertHealthy(proxy, 10);
});

const HEAD = 'HTTP/1.1 200 OK\r\nETag: "0-1"\r\nContent-Type: text/plain\r\n';
const GARBAGE: readonly (readonly [name: string, bytes: string])[] = [
  ["nothing", ""],
  ["no HTTP", "220 smtp.example ESMTP\r\n"],
  ["binary", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff"],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Le"],
  ["half a status line", "HTTP/1.1 2"],
  ["a length that is none", `${HEAD}Content-Length: ten\r\n\r\n0123456789`],
  ["a negative length", `${HEAD}Content-Length: -10\r\n\r\n0123456789`],
  ["two lengths", `${HEAD}Content-Length: 10\r\nContent-Length: 4\r\n\r\n0123456789`],
  [
    "length and chunks",
    `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
  ],
  ["chunks that are none", `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n`],
  ["chunks without an end", `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`],
  ["a head of 1 MB", `${HEAD}X-Long: ${"x".repeat(1_000_000)}\r\nContent-Length: 0\r\n\r\n`],
  ["a status beyond HTTP", "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nab"],
  ["a status that S3 has not", "HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nab"],
  ["a status of nothing", "HTTP/1.1 000 Odd\r\nContent-Length: 2\r\n\r\nab"],
  [
    "a switch of protocols",
    "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nab",
  ],
  ["a field that is none", `${HEAD}no colon\r\nContent-Length: 2\r\n\r\nab`],
  ["a control in a field", `${HEAD}X-A: a\x00b\r\nContent-Length: 2\r\n\r\nab`],
];

for (const [name, text] of GARBAGE) {
  Deno.test(`garbage of the origin's is an error of S3's or a cut, and is not held: ${name}`, async () => {
    await using proxy = await start(10);
    for (const request of [READS[0]!, WRITES[0]!]) {
      proxy.origin.put("bucket", "key", bytes(10));
      proxy.origin.fault({}, { kind: "raw", bytes: latin1(text) }, 3);
      const answer = await outcome(proxy.client.send(request));
      if (answer !== "cut") {
        assert.ok([502, 503, 504].includes(answer.status), `${answer.status} ${answer.text}`);
        assertS3Error(answer, answer.status, element(answer.text, "Code")!);
      }
      proxy.origin.reset();
    }
    await assertHealthy(proxy, 10);
  });
}

Deno.test("a body that only the connection's end ends may be short, and is not held", async () => {
  await using proxy = await start(10);
  const fault: Fault = { kind: "raw", bytes: latin1(`${HEAD}Connection: close\r\n\r\n0123`) };
  proxy.origin.fault({}, fault);
  const answer = await outcome(proxy.client.get(TARGET));
  if (answer !== "cut") assert.equal(answer.text, "0123");
  await assertHealthy(proxy, 10);
});

Deno.test("an answer that has no body by its status has none, whatever the origin sends", async () => {
  await using proxy = await start(10);
  for (const status of [204, 304]) {
    for (const request of READS.slice(0, 2)) {
      proxy.origin.fault({}, {
        kind: "raw",
        bytes: latin1(
          `HTTP/1.1 ${status} None\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab`,
        ),
      });
      const answer = await outcome(proxy.client.send(request));
      if (answer !== "cut") assert.deepEqual([answer.status, answer.body.length], [status, 0]);
    }
  }
  await assertHealthy(proxy, 10);
});

Deno.test("an early refusal of an upload reaches the client", async () => {
  await using proxy = await start(10);
  for (const size of [10, 3_000_000]) {
    proxy.origin.fault({}, { kind: "refuse", status: 403, code: "AccessDenied" });
    const answer = await outcome(proxy.client.put("/bucket/other", bytes(size)));
    assert.ok(answer !== "cut", `${size} bytes`);
    assert.equal(answer.status, 403, answer.text);
  }
  assert.equal(proxy.origin.get("bucket", "other"), undefined);
  await assertHealthy(proxy, 10);
});

Deno.test("a slow origin is waited for", async () => {
  await using proxy = await start(1000);
  proxy.origin.fault({}, {
    kind: "slow",
    headMilliseconds: 20,
    pieceBytes: 100,
    pieceMilliseconds: 5,
  });
  await assertHealthy(proxy, 1000);
});

Deno.test("a 200 that is an error ends the write, and hides nothing", async () => {
  await using proxy = await start(10);
  await proxy.client.get(TARGET);
  proxy.origin.fault({}, { kind: "error_in_success", code: "InternalError" });
  const answer = await proxy.client.send(WRITES[2]!);
  assert.deepEqual([answer.status, element(answer.text, "Code")], [200, "InternalError"]);
  await assertHealthy(proxy, 10);
});

Deno.test("hits go on while the origin is down, all else is ServiceUnavailable", async () => {
  await using proxy = await start(10);
  const { client, origin } = proxy;
  origin.put("bucket", "cold", "text");
  await client.get(TARGET);
  await origin.stop();
  for (const request of READS.slice(0, 3)) {
    assert.equal((await client.send(request)).header("x-cache"), "HIT");
  }
  assertS3Error(await client.get("/bucket/cold"), 503, "ServiceUnavailable");
  assertS3Error(await client.get("/bucket?list-type=2"), 503, "ServiceUnavailable");
  assertS3Error(await client.put("/bucket/new", "x"), 503, "ServiceUnavailable");
  assert.equal((await client.head("/bucket/cold")).status, 503);
  assert.equal((await client.get(TARGET)).header("x-cache"), "HIT");
  assertS3Error(await client.put(TARGET, "x"), 503, "ServiceUnavailable");
  assertS3Error(await client.get(TARGET), 503, "ServiceUnavailable");
  origin.resume();
  assert.equal((await client.get("/bucket/cold")).text, "text");
  await assertHealthy(proxy, 10);
});

Deno.test("an origin that restarts costs no read", async () => {
  await using proxy = await start(10);
  for (let i = 0; i < 5; i++) {
    assert.equal((await proxy.client.get(`/bucket/none-${i}`)).status, 404);
    proxy.origin.hangUp();
    await eventually(() => proxy.origin.connections === 0, "connections are closed");
  }
  await assertHealthy(proxy, 10);
});
