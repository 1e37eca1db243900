import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { TestClient } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { e2eTest } from "./_tools.ts";

const TARGET = "/drain-bucket/key";
/** More than the sockets on the way can hold, so that a download stays in progress. */
const SIZE = 64 * 1024 * 1024;

const content = Buffer.alloc(SIZE);
for (let offset = 0; offset < SIZE; offset += 4) content.writeUInt32LE(offset, offset);

/** An upload that is half taken when it runs, and stays so until it is told to go on. */
function heldUpload({ client }: Fixture, target: string) {
  const { promise: mayEnd, resolve: finish } = Promise.withResolvers<void>();
  const { promise: running, resolve: run } = Promise.withResolvers<void>();
  async function* body() {
    yield content.subarray(0, SIZE / 2);
    run();
    await mayEnd;
    yield content.subarray(SIZE / 2);
  }
  const headers = [["content-length", String(SIZE)]] as const;
  const sent = client.send({ method: "PUT", target, headers, body: body() as never });
  return { sent, running, finish };
}

/** Whether a proxy answers a new client; one that drains refuses the connection, or says 503. */
async function isTaken(url: string): Promise<boolean> {
  await using client = new TestClient(url, CLIENT_CREDENTIALS);
  const status = await client.get("/").then((answer) => answer.status, () => undefined);
  return status !== undefined && status !== 503;
}

e2eTest(
  "SIGTERM lets what runs end, takes nothing new, and ends with status 0",
  ["versitygw"],
  async (
    t,
    { versitygw },
  ) => {
    await using fixture = await startFixture(versitygw, ["drain-bucket"]);
    const { client, direct, proxy } = fixture;
    assert.equal((await direct.put(TARGET, content)).status, 200);
    const download = await client.open({ target: TARGET });
    const reading = download.body[Symbol.asyncIterator]();
    const chunks = [(await reading.next()).value!];
    const upload = heldUpload(fixture, `${TARGET}-up`);
    await upload.running;

    proxy.server.signal("SIGTERM");
    await proxy.server.line(/"message":"draining"/);

    await t.step("nothing new is taken", async () => {
      while (await isTaken(proxy.url)) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    await t.step("the upload ends whole", async () => {
      upload.finish();
      const { status, text } = await upload.sent;
      assert.equal(status, 200, text);
      assert.ok(content.equals((await direct.get(`${TARGET}-up`)).body));
    });
    await t.step("the download ends whole", async () => {
      assert.ok(!proxy.server.ended, "the proxy waits for the download");
      for (let next = await reading.next(); !next.done; next = await reading.next()) {
        chunks.push(next.value);
      }
      assert.ok(content.equals(Buffer.concat(chunks)));
    });
    await t.step("the exit status is 0", async () => {
      const { code, signal } = await proxy.server.end();
      assert.deepEqual([code, signal], [0, null]);
      assert.match(proxy.server.lines.at(-1) ?? "", /"message":"stopped"/);
    });
  },
);
