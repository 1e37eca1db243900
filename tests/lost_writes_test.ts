import assert from "node:assert/strict";
import { eventually } from "./_eventually.ts";
import { startTestProxy, type TestProxy } from "./_proxy.ts";

const TARGET = "/bucket/key";

async function outcomes({ client }: TestProxy): Promise<(string | undefined)[]> {
  const answers = [await client.get(TARGET), await client.get(TARGET)];
  return answers.map((answer) => answer.header("x-cache"));
}

Deno.test("a write slower than the limit stays in flight while it may still take effect", async () => {
  await using proxy = await startTestProxy({
    upstream: { firstByteTimeoutMs: 100 },
    lostWriteGraceMs: 3_000,
  });
  proxy.origin.put("bucket", "key", "old");
  using held = proxy.origin.hold({ operation: "PutObject", phase: "request" });
  assert.equal((await proxy.client.put(TARGET, "new")).status, 504);
  assert.deepEqual(await outcomes(proxy), ["MISS", "MISS"]);
  held.release();
  await eventually(
    async () => (await proxy.client.get(TARGET)).text === "new",
    "the write took effect",
  );
  await eventually(async () => (await proxy.cache.stats()).writes === 0, "the write ended");
  assert.deepEqual(await outcomes(proxy), ["MISS", "HIT"]);
});

Deno.test("a client that leaves a write's answer does not end the write", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "key", "old");
  proxy.origin.put("bucket", "source", "new");
  using held = proxy.origin.hold({ operation: "CopyObject", phase: "body" });
  const answer = await proxy.client.open({
    method: "PUT",
    target: TARGET,
    headers: [["x-amz-copy-source", "/bucket/source"]],
  });
  await held.arrived;
  answer.body.destroy();
  assert.deepEqual(await outcomes(proxy), ["MISS", "MISS"]);
  assert.equal((await proxy.cache.stats()).writes, 1);
  held.release();
  await eventually(async () => (await proxy.cache.stats()).writes === 0, "the write ended");
  assert.deepEqual(await outcomes(proxy), ["MISS", "HIT"]);
});
