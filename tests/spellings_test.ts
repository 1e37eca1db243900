import assert from "node:assert/strict";
import { startTestProxy } from "./_proxy.ts";

/** Spellings that are one file to a server that keeps objects as files. */
const SPELLINGS = ["d/a", "d//a", "./d/a", "d/./a", "x/../d/a", "/d/a", "d/a/", "d/a/."];

for (const written of SPELLINGS) {
  Deno.test(`a write of ${JSON.stringify(written)} drops the entries of every such spelling`, async () => {
    await using proxy = await startTestProxy();
    for (const read of SPELLINGS) {
      proxy.origin.put("bucket", read, `old ${read}`);
      await proxy.client.get(`/bucket/${read}`);
      const held = await proxy.client.get(`/bucket/${read}`);
      assert.equal(held.header("x-cache"), "HIT");
      assert.equal(held.text, `old ${read}`);
    }
    await proxy.client.put(`/bucket/${written}`, "new");
    for (const read of SPELLINGS) {
      const answer = await proxy.client.get(`/bucket/${read}`);
      assert.equal(answer.header("x-cache"), "MISS", read);
      assert.equal(answer.text, read === written ? "new" : `old ${read}`);
    }
  });
}

Deno.test("DeleteObjects drops the entries of every such spelling", async () => {
  await using proxy = await startTestProxy();
  proxy.origin.put("bucket", "d/a", "old");
  await proxy.client.get("/bucket/d/a");
  await proxy.client.post("/bucket?delete", "<Delete><Object><Key>d//a</Key></Object></Delete>");
  assert.equal((await proxy.client.get("/bucket/d/a")).header("x-cache"), "MISS");
});

Deno.test("a key that leaves its bucket is never kept, and its write drops the other bucket's entry", async () => {
  await using proxy = await startTestProxy({ origin: { buckets: ["bucket", "other"] } });
  proxy.origin.put("bucket", "../other/a", "escaped");
  proxy.origin.put("other", "a", "old");
  for (let i = 0; i < 2; i++) {
    const answer = await proxy.client.get("/bucket/../other/a");
    assert.deepEqual([answer.text, answer.header("x-cache")], ["escaped", "BYPASS"]);
  }
  await proxy.client.get("/other/a");
  assert.equal((await proxy.client.get("/other/a")).header("x-cache"), "HIT");
  await proxy.client.put("/bucket/../other/a", "new");
  assert.equal((await proxy.client.get("/other/a")).header("x-cache"), "MISS");
});
