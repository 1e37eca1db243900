/** Reads over connections of our own, against a server that answers byte by byte as it is told. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { S3Error } from "@s3-edge-cache/s3";
import type { UpstreamOptions } from "./options.ts";
import { createTestClient, testRequest, textOf } from "./testdata/test_client.ts";

/** An answer in pieces; the connection is closed after the last one if it says so. */
interface Script {
  readonly pieces: readonly string[];
  readonly close?: boolean;
}

/** Answers the n-th request on any connection by the n-th script, then by the last one. */
function startServer(...scripts: Script[]) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.TcpConn[] = [];
  let requests = 0;
  const serve = async (connection: Deno.TcpConn) => {
    connections.push(connection);
    const buffer = new Uint8Array(65_536);
    connection.setNoDelay(true);
    for (let text = "";;) {
      const count = await connection.read(buffer);
      if (count === null) break;
      text += new TextDecoder().decode(buffer.subarray(0, count));
      if (!text.endsWith("\r\n\r\n")) continue;
      text = "";
      const script = scripts[Math.min(requests++, scripts.length - 1)]!;
      for (const piece of script.pieces) {
        await connection.write(Uint8Array.from(piece, (c) => c.charCodeAt(0)));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      if (script.close) break;
    }
    closeQuietly(connection);
  };
  const accepting = (async () => {
    for await (const connection of listener) serve(connection).catch(() => {});
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      connections.forEach(closeQuietly);
    },
  };
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // Closed before.
  }
}

function startClient(url: string, options: Partial<UpstreamOptions> = {}) {
  const client = createTestClient(url, options);
  const get = (method = "GET", signal: AbortSignal | undefined = undefined) =>
    client.send(testRequest({ method, signal }));
  return { get, [Symbol.asyncDispose]: () => client.close() };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Bodies that are all "0123456789", in every framing. */
const FRAMED = [
  "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\n0123\r\n6\r\n456789\r\n0\r\nT: 1\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
];

Deno.test("an answer is the same wherever it is cut", async () => {
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FRAMED), cuts, async (text, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length]
        .toSorted((a, b) => a - b);
      const pieces = places.slice(1).map((end, i) => text.slice(places[i], end))
        .filter((piece) => piece !== "");
      await using server = startServer({ pieces });
      await using client = startClient(server.url);
      for (let i = 0; i < 2; i++) {
        assert.equal(await textOf((await client.get()).body), "0123456789");
      }
      assert.equal(server.connections.length, 1);
    }),
    { numRuns: 40 },
  );
});

Deno.test("every length is carried, and the connection is used again", async () => {
  for (const length of [0, 1, 16_000, 16_384, 65_536, 300_000, 1_000_000]) {
    const body = "0123456789".repeat(length / 10 + 1).slice(0, length);
    await using server = startServer({
      pieces: [`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`, body],
    });
    await using client = startClient(server.url);
    for (let i = 0; i < 2; i++) assert(await textOf((await client.get()).body) === body);
    assert.equal(server.connections.length, 1);
  }
});

Deno.test("a connection that was hung up on while it idled costs nobody a request", async () => {
  await using server = startServer({ pieces: [OK] }, { pieces: [], close: true }, { pieces: [OK] });
  await using client = startClient(server.url, { maxAttempts: 1 });
  await textOf((await client.get()).body);
  assert.equal(await textOf((await client.get()).body), "ok");
  assert.equal(server.connections.length, 2);
});

for (
  const [what, pieces] of [
    ["a length", ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234"]],
    ["chunks", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n"]],
    ["a chunk", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n01234"]],
    ["a chunk of another length", [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0123456\r\n0\r\n\r\n",
    ]],
  ] as const
) {
  Deno.test(`a body that ends within ${what} breaks off`, async () => {
    await using server = startServer({ pieces, close: true });
    await using client = startClient(server.url);
    const { body } = await client.get();
    await assert.rejects(textOf(body));
    body!.release();
  });
}

Deno.test("a body without a length ends with its connection", async () => {
  await using server = startServer({ pieces: ["HTTP/1.1 200 OK\r\n\r\n", "all"], close: true });
  await using client = startClient(server.url);
  assert.equal(await textOf((await client.get()).body), "all");
  assert.equal(await textOf((await client.get()).body), "all");
  assert.equal(server.connections.length, 2);
});

Deno.test("bytes behind an answer cost the connection, and answer nobody", async () => {
  await using server = startServer({ pieces: [`${OK}HTTP/1.1 200 OK\r\n\r\n`] }, { pieces: [OK] });
  await using client = startClient(server.url);
  const { body } = await client.get();
  await assert.rejects(textOf(body), /more than it announced/);
  body!.release();
  assert.equal(await textOf((await client.get()).body), "ok");
  assert.equal(server.connections.length, 2);
});

for (const size of [4, 20_000]) {
  Deno.test(`a byte that comes with the last of ${size} is one too many`, async () => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;
    await using server = startServer({ pieces: [head, "x".repeat(size + 1)] });
    await using client = startClient(server.url);
    const { body } = await client.get();
    await assert.rejects(textOf(body), /more than it announced/);
    body!.release();
  });
}

Deno.test("a silent body is given up after the idle time", async () => {
  await using server = startServer({ pieces: ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01"] });
  await using client = startClient(server.url, { idleTimeoutMs: 40 });
  const { body } = await client.get();
  await assert.rejects(textOf(body), (error) => error instanceof S3Error && error.status === 504);
  body!.release();
});

Deno.test("the answer to HEAD has no body, and frees the connection at once", async () => {
  await using server = startServer({
    pieces: ["HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"],
  });
  await using client = startClient(server.url);
  for (let i = 0; i < 2; i++) assert.equal((await client.get("HEAD")).body, null);
  assert.equal(server.connections.length, 1);
});

Deno.test("a body that is left unread closes its connection", async () => {
  await using server = startServer({ pieces: ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n01"] });
  await using client = startClient(server.url, { maxConnections: 1 });
  for (let i = 0; i < 3; i++) (await client.get()).body!.release();
  assert.equal(server.connections.length, 3);
});

Deno.test("who waits for a connection gets the one that comes free, or a new one", async () => {
  await using server = startServer({ pieces: [OK] });
  await using client = startClient(server.url, { maxConnections: 1 });
  const answers = await Promise.all([0, 1, 2].map(async () => textOf((await client.get()).body)));
  assert.deepEqual(answers, ["ok", "ok", "ok"]);
  const first = await client.get();
  const second = client.get();
  first.body!.release();
  assert.equal(await textOf((await second).body), "ok");
});

Deno.test("an abort ends a read before its answer and within its body", async () => {
  await using server = startServer({ pieces: ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n01"] });
  await using client = startClient(server.url);
  const left = new AbortController();
  const { body } = await client.get("GET", left.signal);
  await body!.read();
  left.abort(new Error("left"));
  await assert.rejects(async () => await body!.read(), /left/);
  body!.release();
  await assert.rejects(client.get("GET", AbortSignal.abort(new Error("gone"))));
});
