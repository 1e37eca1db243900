import assert from "node:assert/strict";
import { rcloneEnvironment, startFixture } from "./_fixture.ts";
import { succeed } from "./_process.ts";
import { e2eTest } from "./_tools.ts";
import { assertTree, makeTree } from "./_tree.ts";

const BUCKET = "rclone-bucket";
const REMOTE = `e2e:${BUCKET}`;

e2eTest("rclone works through the proxy", ["versitygw", "rclone"], async (
  t,
  { versitygw, rclone },
) => {
  await using fixture = await startFixture(versitygw, [BUCKET]);
  const { folder, direct } = fixture;
  const env = rcloneEnvironment(fixture);
  const run = (...args: string[]) => succeed(rclone, args, { env, cwd: folder });
  await makeTree(`${folder}/up`);

  await t.step("sync of a tree up, check, and down", async () => {
    await run("sync", "up", `${REMOTE}/tree`);
    await run("check", "up", `${REMOTE}/tree`);
    await run("check", "--download", "up", `${REMOTE}/tree`);
    await run("sync", `${REMOTE}/tree`, "down");
    await assertTree(`${folder}/down`);
  });
  await t.step("sync deletes what is gone", async () => {
    await Deno.writeTextFile(`${folder}/up/plain.txt`, "changed");
    await run("copy", "up/empty", `${REMOTE}/tree/too-much`);
    await run("sync", "up", `${REMOTE}/tree`);
    await run("check", "--download", "up", `${REMOTE}/tree`);
  });
  await t.step("copy on the server, delete", async () => {
    await run("copyto", `${REMOTE}/tree/plain.txt`, `${REMOTE}/copy.txt`);
    assert.equal(await run("cat", `${REMOTE}/copy.txt`), "changed");
    await run("deletefile", `${REMOTE}/copy.txt`);
    assert.equal((await direct.get(`/${BUCKET}/copy.txt`)).status, 404);
    await run("delete", `${REMOTE}/tree`);
    assert.equal(await run("lsf", "--recursive", "--files-only", REMOTE), "");
  });
  await t.step("a public link is presigned", async () => {
    await direct.put(`/${BUCKET}/linked.txt`, "linked");
    const url = (await run("link", `${REMOTE}/linked.txt`)).trim();
    const answer = await fetch(url);
    assert.deepEqual([answer.status, await answer.text()], [200, "linked"]);
  });
});
