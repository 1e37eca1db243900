import assert from "node:assert/strict";
import { S3Error } from "@s3-edge-cache/s3";
import type { UpstreamRequest } from "./client.ts";
import type { UpstreamOptions } from "./options.ts";
import { createTestClient, testRequest, textOf } from "./testdata/test_client.ts";

const MEGABYTE = 1024 * 1024;
const latin1 = new TextEncoder();
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const FAILED = "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 3\r\n\r\nbut";

/** A connection as the origin has it: reads heads, and bodies by their length. */
class OriginConnection {
  #text = "";
  constructor(readonly conn: Deno.TcpConn) {}

  async head(): Promise<string> {
    while (!this.#text.includes("\r\n\r\n")) await this.#more();
    const end = this.#text.indexOf("\r\n\r\n") + 4;
    const head = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return head;
  }

  async body(length: number): Promise<string> {
    while (this.#text.length < length) await this.#more();
    const body = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return body;
  }

  async say(text: string): Promise<void> {
    await this.conn.write(latin1.encode(text));
  }

  async #more(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await this.conn.read(buffer);
    if (count === null) throw new Error("the client hung up");
    this.#text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
}

/** Sends one upload to an origin that takes one connection. */
async function exchange(
  origin: (connection: OriginConnection, over: Promise<void>) => Promise<void>,
  upload: Partial<UpstreamRequest>,
  options: Partial<UpstreamOptions> = {},
): Promise<{ status: number; text: string }> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = createTestClient(`http://127.0.0.1:${listener.addr.port}`, options);
  const over = Promise.withResolvers<void>();
  const served = (async () => {
    using conn = await listener.accept();
    await origin(new OriginConnection(conn), over.promise);
  })();
  const sent = client.send(testRequest({ method: "PUT", ...upload }));
  try {
    const { status, body } = await sent;
    return { status, text: await textOf(body) };
  } finally {
    over.resolve();
    await client.close();
    await served.catch(() => {});
  }
}

/** A body of megabytes, and how many of them were read. */
function megabytes(count: number) {
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (read === count) return controller.close();
      read++;
      controller.enqueue(new Uint8Array(MEGABYTE));
    },
  }, { highWaterMark: 0 });
  return { body: () => stream, contentLength: count * MEGABYTE, read: () => read };
}

Deno.test("an answer that comes before the body is read is not lost in the reset", async () => {
  for (let round = 0; round < 20; round++) {
    const upload = megabytes(8);
    const answer = await exchange(async (connection) => {
      await connection.head();
      await connection.say(FAILED);
    }, upload);
    assert.deepEqual(answer, { status: 412, text: "but" });
  }
});

Deno.test("an early answer ends the upload, also while its client is silent", async () => {
  let cancelled = false;
  const silent = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      cancelled = true;
    },
  });
  const answer = await exchange(async (connection) => {
    await connection.head();
    await connection.say(FAILED);
    await connection.body(1).catch(() => {});
  }, { body: () => silent, contentLength: 10 });
  assert.deepEqual([answer.status, cancelled], [412, true]);
});

Deno.test("a body waits to be asked for, and is not read for an answer that refuses it", async () => {
  const refused = megabytes(1);
  const no = await exchange(async (connection) => {
    assert.match(await connection.head(), /\r\nexpect: 100-continue\r\n/);
    await connection.say(FAILED);
  }, { ...refused, expectContinue: true });
  assert.deepEqual([no.status, refused.read()], [412, 0]);
  const taken = megabytes(1);
  const yes = await exchange(async (connection) => {
    await connection.head();
    assert.equal(taken.read(), 0);
    await connection.say("HTTP/1.1 100 Continue\r\n\r\n");
    await connection.body(MEGABYTE);
    await connection.say(OK);
  }, { ...taken, expectContinue: true });
  assert.deepEqual(yes, { status: 200, text: "ok" });
});

Deno.test("an origin that does not ask gets the body all the same", async () => {
  const answer = await exchange(async (connection) => {
    await connection.head();
    await connection.body(MEGABYTE);
    await connection.say(OK);
  }, { ...megabytes(1), expectContinue: true });
  assert.equal(answer.status, 200);
});

Deno.test("an origin that takes no more of a body is a GatewayTimeout", async () => {
  const sent = exchange(
    async (connection, over) => {
      await connection.head();
      await over;
    },
    megabytes(64),
    { idleTimeoutMs: 200 },
  );
  const error = await sent.catch((error) => error);
  assert.ok(error instanceof S3Error && error.code === "GatewayTimeout", String(error));
});

Deno.test("a body of another length than announced never ends", async () => {
  for (const length of [MEGABYTE - 1, MEGABYTE + 1]) {
    let whole = false;
    const sent = exchange(async (connection) => {
      await connection.head();
      await connection.body(length);
      whole = length > MEGABYTE;
    }, { ...megabytes(1), contentLength: length });
    await assert.rejects(sent, S3Error);
    assert.equal(whole, false);
  }
});
