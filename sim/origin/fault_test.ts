import assert from "node:assert/strict";
import { type Origin, startOrigin } from "./origin.ts";
import { ask, RawClient, signedRequest } from "../testing/raw_client.ts";

const GET = { target: "/bucket/k" };
const PUT = { method: "PUT", target: "/bucket/k", body: "new" };

async function origin(): Promise<Origin> {
  const started = await startOrigin();
  started.put("bucket", "k", "0123456789");
  return started;
}

async function send(to: Origin, request: Parameters<typeof signedRequest>[1]): Promise<RawClient> {
  const client = await RawClient.connect(to);
  await client.send(signedRequest(to, request));
  return client;
}

function text(from: Origin): string {
  return new TextDecoder().decode(from.get("bucket", "k")?.body);
}

Deno.test("an ordered error takes the place of the operation, as often as ordered", async () => {
  await using s3 = await origin();
  s3.fault({ operation: "PutObject" }, { kind: "error", status: 503, code: "SlowDown" }, 2);
  for (const status of [503, 503, 200]) assert.equal((await ask(s3, PUT)).status, status);
  assert.equal(text(s3), "new");
});

Deno.test("error_in_success answers 200 with an error document", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "error_in_success", code: "InternalError" });
  const answer = await ask(s3, PUT);
  assert.equal(answer.status, 200);
  assert.match(answer.body, /<Error><Code>InternalError</);
  assert.equal(text(s3), "0123456789");
});

Deno.test("refuse answers before the body is there", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "refuse", status: 503, code: "SlowDown" });
  using client = await RawClient.connect(s3);
  await client.send(signedRequest(s3, PUT).slice(0, -3));
  assert.equal((await client.answer()).status, 503);
  assert.equal(await client.rest(), "");
});

Deno.test("answer and alter have the last word on every byte of the head", async () => {
  await using s3 = await origin();
  s3.fault({}, {
    kind: "answer",
    answer: {
      status: 307,
      headers: [["Location", "http://elsewhere/"]],
      body: new Uint8Array(0),
      framing: "length",
    },
  });
  assert.equal(
    (await ask(s3, GET)).head,
    "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere/\r\nContent-Length: 0",
  );
  s3.fault({}, {
    kind: "alter",
    alter: (answer) => ({
      ...answer,
      headers: answer.headers.filter(([name]) => name === "ETag"),
      framing: "chunked",
    }),
  });
  const altered = await ask(s3, GET);
  assert.deepEqual([...altered.fields.keys()], ["ETag", "Transfer-Encoding"]);
  assert.equal(altered.body, "0123456789");
});

Deno.test("hang_up and lose_answer differ in what they leave behind", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "hang_up" });
  using before = await send(s3, PUT);
  assert.equal(await before.rest(), "");
  assert.equal(text(s3), "0123456789");
  s3.fault({}, { kind: "lose_answer" });
  using after = await send(s3, PUT);
  assert.equal(await after.rest(), "");
  assert.equal(text(s3), "new");
  assert.deepEqual(s3.calls.map((call) => call.outcome), ["harmed", "harmed"]);
});

Deno.test("cut and overlong lie about the length", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "cut", bytes: 4 });
  using cut = await send(s3, GET);
  assert.match(await cut.rest(), /Content-Length: 10\r\n.*\r\n\r\n0123$/s);
  s3.fault({}, { kind: "overlong", extra: new TextEncoder().encode("extra") });
  using overlong = await send(s3, GET);
  assert.match(await overlong.rest(), /Content-Length: 10\r\n.*\r\n\r\n0123456789extra$/s);
});

Deno.test("stall and silence last until the client has enough", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "stall", bytes: 4 });
  using stalled = await send(s3, GET);
  assert.match(await stalled.read(400), /^HTTP\/1\.1 200 OK/);
  s3.fault({}, { kind: "silence" });
  using silent = await send(s3, GET);
  using witness = await send(s3, GET);
  assert.equal((await witness.answer()).status, 200);
  assert.equal(s3.countCalls({ where: (call) => call.outcome === "running" }), 2);
  assert.equal(await Promise.race([silent.rest(), Promise.resolve("still open")]), "still open");
});

Deno.test("raw bytes are the whole answer", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "raw", bytes: new TextEncoder().encode("HTP/1.1 rubbish\r\n\r\n") });
  using client = await send(s3, GET);
  assert.equal(await client.rest(), "HTP/1.1 rubbish\r\n\r\n");
});

Deno.test("slow sends the same bytes, later", async () => {
  await using s3 = await origin();
  s3.fault({}, { kind: "slow", headMilliseconds: 1, pieceBytes: 3, pieceMilliseconds: 1 });
  assert.equal((await ask(s3, GET)).body, "0123456789");
});

Deno.test("an origin that stops refuses, and comes back on its port with all it held", async () => {
  await using s3 = await origin();
  const { port } = s3;
  await s3.stop();
  await assert.rejects(RawClient.connect(s3), Deno.errors.ConnectionRefused);
  s3.resume();
  assert.equal(s3.port, port);
  assert.equal((await ask(s3, GET)).body, "0123456789");
});

Deno.test("hangUp ends idle connections", async () => {
  await using s3 = await origin();
  using client = await send(s3, GET);
  await client.answer();
  assert.equal(s3.connections, 1);
  s3.hangUp();
  assert.equal(await client.rest(), "");
});
