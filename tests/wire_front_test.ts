import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Answer } from "./_client.ts";
import { eventually } from "./_eventually.ts";
import { answer, type Answers, echo, source, startFront, type TestFront } from "./_front.ts";
import { assertS3Error } from "./_s3_error.ts";
import { Wire } from "./_wire.ts";

const bytes = () => answer(200, [["content-length", "3"]], "abc");

function start(answers?: Answers, idleMs?: number): TestFront {
  return startFront("wire", { echo, bytes, ...answers }, idleMs);
}

function request(line: string, ...fields: string[]): string {
  return [`${line} HTTP/1.1`, "Host: x", ...fields, "", ""].join("\r\n");
}

/** Waits until the server has hung up. */
async function assertHangsUp(wire: Wire): Promise<void> {
  assert.equal(await wire.untilClosed(), "");
}

function assertText(received: Answer | undefined, text: string): void {
  assert.equal(received?.text, text);
}

Deno.test("a request is the same in whatever pieces it comes", async () => {
  await using front = start();
  const text = request("PUT /echo?a", "Transfer-Encoding: chunked", "A: b") +
    "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
  using wire = await Wire.connect(front.url);
  await wire.send(text);
  const whole = (await wire.answer())!.text;
  assert.ok(whole.endsWith(',"abcd"]'), whole);
  for (let cut = 1; cut < text.length; cut += 3) {
    await wire.send(text.slice(0, cut));
    await eventually(() => front.seen.length > 0, "what came first is read");
    await wire.send(text.slice(cut));
    assertText(await wire.answer(), whole);
  }
  for (const byte of text) await wire.send(byte);
  assertText(await wire.answer(), whole);
});

Deno.test("a client is asked for its body when the body is read, and once", async () => {
  const read = Promise.withResolvers<void>();
  await using front = start({
    slow: async (request) => {
      await read.promise;
      return echo(request);
    },
  });
  using wire = await Wire.connect(front.url);
  await wire.send(request("PUT /slow", "Content-Length: 6", "Expect: 100-continue"));
  await eventually(() => front.seen.length === 1, "the request is here");
  read.resolve();
  assert.equal((await wire.answer())?.status, 100);
  await wire.send("abc");
  await wire.send("def");
  assert.ok((await wire.answer())?.text.endsWith(',"abcdef"]'));
  await wire.send(request("GET /bytes"));
  assertText(await wire.answer(), "abc");
});

Deno.test("a client that waits to be asked for a body of no bytes is asked", async () => {
  await using front = start();
  using wire = await Wire.connect(front.url);
  await wire.send(request("PUT /bytes", "Content-Length: 0", "Expect: 100-continue"));
  assert.equal((await wire.answer())?.status, 100);
  assertText(await wire.answer(), "abc");
  await wire.send(request("GET /echo"));
  assert.equal((await wire.answer())?.status, 200);
});

Deno.test("a client that is not asked for its body gets its answer, and the connection ends", async () => {
  await using front = start();
  using wire = await Wire.connect(front.url);
  await wire.send(request("PUT /bytes", "Content-Length: 6", "Expect: 100-continue"));
  const received = await wire.answer();
  assertText(received, "abc");
  assert.equal(received?.header("connection"), "close");
  await assertHangsUp(wire);
});

Deno.test("a body that nobody reads is passed over if it is small, or ends the connection", async () => {
  await using front = start();
  using small = await Wire.connect(front.url);
  await small.send(request("PUT /bytes", "Content-Length: 200000"));
  const kept = await small.answer();
  assert.equal(kept?.header("connection"), undefined);
  await small.send("x".repeat(200_000) + request("GET /echo"));
  assert.equal((await small.answer())?.status, 200);
  using large = await Wire.connect(front.url);
  await large.send(request("PUT /bytes", "Content-Length: 5000000000"));
  const ended = await large.answer();
  assertText(ended, "abc");
  assert.equal(ended?.header("connection"), "close");
  await large.send("x".repeat(1_000_000));
  await assertHangsUp(large);
  assert.equal(front.seen.length, 3);
});

Deno.test("chunks that are none are the client's fault, and end the connection", async () => {
  await using front = start({
    upload: async (request) => {
      await new Response(request.body).bytes().catch((error) =>
        assert.equal(error.code, "BadRequest")
      );
      return answer(400, [["content-length", "3"]], "bad");
    },
  });
  using wire = await Wire.connect(front.url);
  await wire.send(request("PUT /upload", "Transfer-Encoding: chunked") + "3\r\nabcd\r\n0\r\n\r\n");
  const received = await wire.answer();
  assertText(received, "bad");
  assert.equal(received?.header("connection"), "close");
  await assertHangsUp(wire);
});

Deno.test("a client that leaves within its body ends the reading of it", async () => {
  let ended = Promise.withResolvers<unknown>();
  await using front = start({
    upload: async (request) => {
      await new Response(request.body).bytes().catch((error) => ended.resolve(error));
      return bytes();
    },
  });
  for (const framing of ["Content-Length: 50", "Transfer-Encoding: chunked"]) {
    using wire = await Wire.connect(front.url);
    await wire.send(request("PUT /upload", framing) + "4\r\nab");
    await wire.end();
    assert.equal(((await ended.promise) as { code: string }).code, "IncompleteBody");
    ended = Promise.withResolvers();
  }
});

Deno.test("a head beyond 64 KiB is refused with S3's error, however it comes", async () => {
  await using front = start();
  for (
    const text of [request("GET /echo", `A: ${"a".repeat(70_000)}`), `GET /${"a".repeat(70_000)}`]
  ) {
    using wire = await Wire.connect(front.url);
    await wire.send(text);
    assertS3Error((await wire.answer())!, 400, "RequestHeaderSectionTooLarge");
    await assertHangsUp(wire);
  }
  using wire = await Wire.connect(front.url);
  for (let i = 0; i < 2; i++) {
    await wire.send(request("GET /bytes", `A: ${"a".repeat(60_000)}`));
    assertText(await wire.answer(), "abc");
  }
});

Deno.test("a client that sends no more gets the answer that is under way", async () => {
  const held = Promise.withResolvers<void>();
  await using front = start({
    held: async () => {
      await held.promise;
      return bytes();
    },
  });
  using hit = await Wire.connect(front.url);
  await hit.send(request("GET /bytes"));
  await hit.end();
  assertText(await hit.answer(), "abc");
  await assertHangsUp(hit);
  using write = await Wire.connect(front.url);
  await write.send(request("PUT /held"));
  await write.end();
  await eventually(() => front.seen.length === 2, "the request is here");
  held.resolve();
  assertText(await write.answer(), "abc");
});

Deno.test("a client that leaves aborts its request, and what it was sent is given back", async () => {
  const views = Promise.withResolvers<Uint8Array>();
  await using front = start({
    asked: ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(bytes()))),
    stalled: (_, seen) =>
      answer(200, [["content-length", "9"]], source(seen, [Buffer.from("abc"), views.promise])),
  });
  {
    using wire = await Wire.connect(front.url);
    await wire.send(request("GET /asked"));
    await eventually(() => front.seen.length === 1, "the request is here");
  }
  await front.seen[0]!.request.completed;
  {
    using wire = await Wire.connect(front.url);
    await wire.send(request("GET /asked"));
    await wire.end();
    await assertHangsUp(wire);
  }
  {
    using wire = await Wire.connect(front.url);
    await wire.send(request("GET /stalled"));
    await eventually(() => front.seen.length === 3, "the request is here");
  }
  await eventually(() => front.seen[2]!.releases === 1, "the source is given back");
  await front.seen[2]!.request.completed;
  assert.equal(front.seen[2]!.request.signal.aborted, true);
});

Deno.test("a client that takes nothing of its answer is cut, as is one that says nothing", async () => {
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield new Uint8Array(256 * 1024);
    },
  };
  const answers: Answers = {
    endless: (_, seen) =>
      answer(200, [["content-length", "9007199254740991"]], source(seen, endless)),
  };
  await using front = start(answers, 80);
  using silent = await Wire.connect(front.url);
  using idle = await Wire.connect(front.url);
  using slow = await Wire.connect(front.url);
  using lazy = await Wire.connect(front.url);
  await idle.send(request("GET /bytes"));
  assertText(await idle.answer(), "abc");
  await slow.send("GET /bytes HTTP/1.1\r\nHo");
  await lazy.send(request("GET /endless"));
  for (const wire of [silent, idle, slow]) await assertHangsUp(wire);
  await eventually(() => front.seen.some(({ releases }) => releases === 1), "the reader is cut");
});

Deno.test("a client is not cut while it waits for us", async () => {
  const held = Promise.withResolvers<void>();
  await using front = start({
    held: async () => {
      await held.promise;
      return bytes();
    },
  }, 40);
  using waiting = await Wire.connect(front.url);
  using silent = await Wire.connect(front.url);
  await waiting.send(request("GET /held"));
  await assertHangsUp(silent);
  held.resolve();
  assertText(await waiting.answer(), "abc");
});

Deno.test("draining: idle connections end at once, running requests end well, and are the last", async () => {
  const held = Promise.withResolvers<void>();
  const front = start({
    held: async () => {
      await held.promise;
      return bytes();
    },
  });
  using idle = await Wire.connect(front.url);
  await idle.send(request("GET /bytes"));
  assertText(await idle.answer(), "abc");
  const drained = Promise.withResolvers<void>();
  {
    using running = await Wire.connect(front.url);
    await running.send(request("GET /held") + request("GET /bytes"));
    await eventually(() => front.seen.length === 2, "the request is here");
    front.listener.drain().then(drained.resolve);
    await assertHangsUp(idle);
    await assert.rejects(Wire.connect(front.url), Deno.errors.ConnectionRefused);
    held.resolve();
    const last = await running.answer();
    assertText(last, "abc");
    assert.equal(last?.header("connection"), "close");
    await assertHangsUp(running);
  }
  await drained.promise;
});

Deno.test("cutting ends what still runs", async () => {
  const front = start({
    never: ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(bytes()))),
  });
  using wire = await Wire.connect(front.url);
  await wire.send(request("GET /never"));
  await eventually(() => front.seen.length === 1, "the request is here");
  const drained = front.listener.drain();
  front.listener.cut();
  await assertHangsUp(wire);
  await drained;
});

Deno.test("an answer that the pipeline ends the connection with is the last", async () => {
  await using front = start({
    closing: () => answer(503, [["connection", "close"], ["content-length", "1"]], "x"),
  });
  using wire = await Wire.connect(front.url);
  await wire.send(request("GET /closing") + request("GET /bytes"));
  assertText(await wire.answer(), "x");
  await assertHangsUp(wire);
});

Deno.test("a field with a line break in it never becomes two", async () => {
  await using front = start({ split: () => answer(200, [["a", "b\r\nc: d"]], "abc") });
  using wire = await Wire.connect(front.url);
  await wire.send(request("GET /split"));
  await assertHangsUp(wire);
  assert.equal(front.events.length, 1);
});
