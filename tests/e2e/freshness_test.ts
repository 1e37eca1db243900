import assert from "node:assert/strict";
import type { TestClient } from "../_client.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { e2eTest } from "./_tools.ts";

const BUCKET = "fresh-bucket";

/** Reads twice: what the origin holds, from there first and from the cache then. */
async function expectTruth({ client, direct }: Fixture, target: string): Promise<void> {
  const truth = await direct.get(target);
  const seen = await readTwice(client, target);
  assert.deepEqual(seen, [
    [truth.status, truth.text, truth.header("etag"), truth.status === 200 ? "MISS" : seen[0]![3]],
    [truth.status, truth.text, truth.header("etag"), truth.status === 200 ? "HIT" : seen[1]![3]],
  ]);
}
void expectTruth;
async function readTwice(client: TestClient, target: string) {
  const answers = [await client.get(target), await client.get(target)];
  return answers.map((answer) => [
    answer.status,
    answer.text,
    answer.header("etag"),
    answer.header("x-cache"),
  ]);
}

e2eTest(
  "after a write through the proxy the next read is the truth",
  ["versitygw"],
  async (t, { versitygw }) => {
    await using fixture = await startFixture(versitygw, [BUCKET]);
    const { client } = fixture;
    await t.step("PUT", async () => {
      console.log(await client.put(`/${BUCKET}/k`, "one"));
      console.log(await readTwice(client, `/${BUCKET}/k`));
    });
  },
);
