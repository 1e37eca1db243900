import assert from "node:assert/strict";
import { S3Error } from "@s3-edge-cache/s3";
import type { UpstreamRequest } from "./client.ts";
import { createTestClient, testRequest, textOf } from "./testdata/test_client.ts";

/** Reads one request head from each connection, as text, and answers by `answer`. */
function startServer(answer: (head: string, connection: Deno.TcpConn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.TcpConn>();
  const serve = async (connection: Deno.TcpConn) => {
    connections.add(connection);
    const buffer = new Uint8Array(65_536);
    let text = "";
    try {
      for (;;) {
        const count = await connection.read(buffer);
        if (count === null) break;
        for (const byte of buffer.subarray(0, count)) text += String.fromCharCode(byte);
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) continue;
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        await answer(head, connection);
      }
    } catch {
      // The client hung up.
    }
    connections.delete(connection);
    try {
      connection.close();
    } catch {
      // Closed by the answer.
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) serve(connection);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    },
  };
}

function request(path: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return testRequest({ path, ...more });
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function write(connection: Deno.TcpConn, text: string): Promise<void> {
  await connection.write(latin1(text) as Uint8Array<ArrayBuffer>);
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

Deno.test("the raw target and fields arrive as given, and nothing is added to them", async () => {
  const heads: string[] = [];
  await using server = startServer(async (head, connection) => {
    heads.push(head);
    await write(connection, OK);
  });
  await using client = createTestClient(`${server.url}/prefix`);
  const path = "/b/a//b/../%2e%2e/%C3%A9";
  const headers = [["x-amz-meta-a", "caf\u00c3\u00a9"], ["range", "bytes=0-"]] as const;
  const answer = await client.send(request(path, { query: "versionId=1&&x", headers }));
  assert.equal(
    await textOf(answer.body),
    "ok",
  );
  const [start, ...fields] = heads[0]!.split("\r\n");
  assert.equal(start, `GET /prefix${path}?versionId=1&&x HTTP/1.1`);
  assert.deepEqual(fields.map((field) => field.split(":")[0]!.toLowerCase()).sort(), [
    "authorization",
    "host",
    "range",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-meta-a",
  ]);
  assert.ok(fields.includes("x-amz-meta-a: caf\u00c3\u00a9"));
});

Deno.test("connections are kept", async () => {
  const seen = new Set<Deno.TcpConn>();
  await using server = startServer(async (_head, connection) => {
    seen.add(connection);
    await write(connection, OK);
  });
  await using client = createTestClient(server.url);
  for (let i = 0; i < 10; i++) {
    const answer = await client.send(request("/b/k"));
    await textOf(answer.body);
  }
  assert.ok(seen.size <= 2, `${seen.size} connections`);
});

Deno.test("an answer keeps repeated fields, drops the connection's own, and is not decoded", async () => {
  await using server = startServer(async (_head, connection) => {
    await write(
      connection,
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nX-A: 2\r\nConnection: keep-alive, x-hop\r\n" +
        "X-Hop: 1\r\nContent-Encoding: gzip\r\nX-Amz-Meta-B: caf\xc3\xa9\r\n\r\nraw",
    );
  });
  await using client = createTestClient(server.url);
  const answer = await client.send(request("/b/k"));
  assert.deepEqual(answer.headers, [
    ["content-length", "3"],
    ["x-a", "1"],
    ["x-a", "2"],
    ["content-encoding", "gzip"],
    ["x-amz-meta-b", "caf\xc3\xa9"],
  ]);
  assert.equal(
    await textOf(answer.body),
    "raw",
  );
});

Deno.test("a redirect is an answer", async () => {
  await using server = startServer(async (_head, connection) => {
    await write(
      connection,
      "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n",
    );
  });
  await using client = createTestClient(server.url);
  const answer = await client.send(request("/b/k"));
  assert.equal(answer.status, 307);
  assert.deepEqual(answer.headers[0], ["location", "http://elsewhere.example/"]);
  answer.body?.release();
});

Deno.test("a read whose connection is reset is sent again", async () => {
  let count = 0;
  await using server = startServer(async (_head, connection) => {
    if (++count < 3) connection.close();
    else await write(connection, OK);
  });
  await using client = createTestClient(server.url);
  const answer = await client.send(request("/b/k"));
  assert.equal(answer.status, 200);
  answer.body?.release();
  assert.equal(count, 3);
});

Deno.test("nobody listens: ServiceUnavailable", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using client = createTestClient(`http://127.0.0.1:${port}`);
  await assert.rejects(client.send(request("/b/k")), failsAs("ServiceUnavailable"));
});

Deno.test("no answer in time: GatewayTimeout", async () => {
  await using server = startServer(() => Promise.resolve());
  await using client = createTestClient(server.url, { firstByteTimeoutMs: 200 });
  await assert.rejects(client.send(request("/b/k")), failsAs("GatewayTimeout"));
});

Deno.test("a body cut short errors before its end", async () => {
  await using server = startServer(async (_head, connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    connection.close();
  });
  await using client = createTestClient(server.url);
  const answer = await client.send(request("/b/k"));
  await assert.rejects(textOf(answer.body));
});

Deno.test("an upload has its Content-Length, and an error of its body is thrown as it is", async () => {
  const heads: string[] = [];
  await using server = startServer(async (head, connection) => {
    heads.push(head);
    await write(connection, OK);
  });
  await using client = createTestClient(server.url);
  const wrong = new S3Error("BadDigest");
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(wrong),
  });
  const put = request("/b/k", { method: "PUT", body: () => body, contentLength: 10 });
  await assert.rejects(client.send(put), (error) => error === wrong);
  const whole = new Blob(["0123456789"]).stream();
  const answer = await client.send({ ...put, body: () => whole });
  answer.body?.release();
  assert.match(heads.at(-1)!, /\r\ncontent-length: 10(\r\n|$)/i);
  assert.doesNotMatch(heads.at(-1)!, /transfer-encoding/i);
});

Deno.test("an abort ends the request", async () => {
  const arrived = Promise.withResolvers<void>();
  await using server = startServer(() => Promise.resolve(arrived.resolve()));
  await using client = createTestClient(server.url);
  const abort = new AbortController();
  const sent = client.send(request("/b/k", { signal: abort.signal }));
  await arrived.promise;
  abort.abort();
  await assert.rejects(sent, { name: "AbortError" });
});

function failsAs(code: string): (error: unknown) => boolean {
  return (error) => error instanceof S3Error && error.code === code;
}
