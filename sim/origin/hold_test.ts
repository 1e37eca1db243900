import assert from "node:assert/strict";
import { type Origin, startOrigin } from "./origin.ts";
import { ask, RawClient, signedRequest } from "../testing/raw_client.ts";

const GET = { target: "/bucket/k" };

async function origin(): Promise<Origin> {
  const started = await startOrigin();
  started.put("bucket", "k", "old");
  return started;
}

Deno.test("held in the phase request, a read sees what was written meanwhile", async () => {
  await using s3 = await origin();
  using held = s3.hold({ method: "GET", key: "k", phase: "request" });
  const answer = ask(s3, GET);
  assert.equal((await held.arrived).operation, "GetObject");
  s3.put("bucket", "k", "new");
  held.release();
  assert.equal((await answer).body, "new");
});

Deno.test("held in the phase head, a read has seen the state and answers it", async () => {
  await using s3 = await origin();
  using held = s3.hold({ operation: "GetObject", phase: "head" });
  const answer = ask(s3, GET);
  await held.arrived;
  s3.put("bucket", "k", "new");
  held.release();
  assert.equal((await answer).body, "old");
});

Deno.test("held in the phase head, a write is done and not yet answered", async () => {
  await using s3 = await origin();
  using held = s3.hold({ operation: "PutObject", phase: "head" });
  const answer = ask(s3, { method: "PUT", target: "/bucket/k", body: "new" });
  await held.arrived;
  assert.equal(new TextDecoder().decode(s3.get("bucket", "k")?.body), "new");
  held.release();
  assert.equal((await answer).status, 200);
});

Deno.test("held in the phase body, the first bytes are out and the old ones follow", async () => {
  await using s3 = await origin();
  using held = s3.hold({ method: "GET", phase: "body", bytes: 2 });
  using client = await RawClient.connect(s3);
  await client.send(signedRequest(s3, GET));
  await held.arrived;
  const head = await client.read(1);
  assert.equal(head, "H");
  s3.put("bucket", "k", "new");
  held.release();
  assert.match(await client.answer().then((answer) => answer.body), /^old$/);
});

Deno.test("a hold stops one request and means one key", async () => {
  await using s3 = await origin();
  s3.put("bucket", "ü ", "other");
  using held = s3.hold({ key: "ü ", phase: "request" });
  assert.equal((await ask(s3, GET)).body, "old");
  const stopped = ask(s3, { target: "/bucket/%C3%BC%20" });
  await held.arrived;
  assert.equal((await ask(s3, { target: "/bucket/%C3%BC%20" })).body, "other");
  held.release();
  assert.equal((await stopped).body, "other");
});

Deno.test("reset and disposal release what is held", async () => {
  await using s3 = await origin();
  const held = s3.hold({ phase: "request" });
  const answer = ask(s3, GET);
  await held.arrived;
  s3.reset();
  assert.equal((await answer).body, "old");
  assert.equal(s3.calls.length, 0);
  s3.hold({ phase: "request" });
});
