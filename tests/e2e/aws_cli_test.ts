import assert from "node:assert/strict";
import { awsEnvironment, startFixture } from "./_fixture.ts";
import { runProcess, succeed } from "./_process.ts";
import { e2eTest } from "./_tools.ts";
import { assertTree, makeTree } from "./_tree.ts";

const BUCKET = "cli-bucket";
const S3 = `s3://${BUCKET}`;
const SIGV4 = "s3 =\n  signature_version = s3v4\n";

e2eTest("the AWS CLI works through the proxy", ["versitygw", "aws"], async (
  t,
  { versitygw, aws },
) => {
  await using fixture = await startFixture(versitygw, [BUCKET]);
  const { folder, direct } = fixture;
  const env = awsEnvironment(fixture);
  const s3 = (...args: string[]) => succeed(aws, ["s3", ...args], { env, cwd: folder });
  await makeTree(`${folder}/up`);
  await Deno.writeTextFile(`${folder}/one.txt`, "one");

  await t.step("cp up, to another key, and down", async () => {
    await s3("cp", "--quiet", "one.txt", `${S3}/one.txt`);
    await s3("cp", "--quiet", `${S3}/one.txt`, `${S3}/two.txt`);
    await s3("cp", "--quiet", `${S3}/two.txt`, "two.txt");
    assert.equal(await Deno.readTextFile(`${folder}/two.txt`), "one");
    assert.equal(await s3("cp", `${S3}/two.txt`, "-"), "one");
  });
  await t.step("sync of a tree up and down", async () => {
    await s3("sync", "--quiet", "up", `${S3}/tree`);
    await s3("sync", "--quiet", `${S3}/tree`, "down");
    await assertTree(`${folder}/down`);
    assert.equal(await s3("sync", "up", `${S3}/tree`), "", "nothing is left to do");
  });
  await t.step("sync sees what changed", async () => {
    await Deno.writeTextFile(`${folder}/up/plain.txt`, "changed");
    await Deno.writeTextFile(`${folder}/up/added.txt`, "added");
    await s3("sync", "--quiet", "up", `${S3}/tree`);
    await s3("sync", "--quiet", "--exact-timestamps", `${S3}/tree`, "down");
    await assertTree(`${folder}/down`, { "plain.txt": "changed", "added.txt": "added" });
  });
  await t.step("ls", async () => {
    assert.match(await s3("ls"), new RegExp(`${BUCKET}\n`));
    const listing = await s3("ls", "--recursive", `${S3}/`);
    assert.match(listing, / 3 one\.txt\n/);
    assert.match(listing, / tree\/käse\/Ünïcode 🦊\.txt\n/);
  });
  await t.step("presign", async () => {
    const options = { env: awsEnvironment(fixture, SIGV4), cwd: folder };
    const url = (await succeed(aws, ["s3", "presign", `${S3}/one.txt`], options)).trim();
    assert.equal(new URL(url).origin, fixture.proxy.url);
    const answer = await fetch(url);
    assert.deepEqual([answer.status, await answer.text()], [200, "one"]);
  });
  await t.step("a presigned URL of Signature Version 2 is refused, and told why", async () => {
    const url = (await s3("presign", `${S3}/one.txt`)).trim();
    assert.match(url, /[?&]AWSAccessKeyId=/);
    const answer = await fetch(url);
    const text = await answer.text();
    assert.equal(answer.status, 400, text);
    assert.match(text, /<Code>InvalidRequest<\/Code><Message>[^<]*AWS4-HMAC-SHA256/);
  });
  await t.step("mv and rm", async () => {
    await s3("mv", "--quiet", `${S3}/two.txt`, `${S3}/three.txt`);
    assert.equal((await direct.get(`/${BUCKET}/two.txt`)).status, 404);
    await s3("rm", "--quiet", `${S3}/three.txt`);
    assert.equal((await direct.get(`/${BUCKET}/three.txt`)).status, 404);
    await s3("rm", "--quiet", "--recursive", `${S3}/tree`);
    assert.equal(await s3("ls", "--recursive", `${S3}/`), await s3("ls", `${S3}/one.txt`));
  });
  await t.step(
    "s3api: a missing key is NoSuchKey, a wrong secret SignatureDoesNotMatch",
    async () => {
      const get = ["s3api", "get-object", "--bucket", BUCKET, "--key", "missing", "out"];
      const missing = await runProcess(aws, get, { env, cwd: folder });
      assert.match(missing.stderr, /\(NoSuchKey\)/);
      const wrong = { ...env, AWS_SECRET_ACCESS_KEY: "wrong" };
      const refused = await runProcess(aws, get, { env: wrong, cwd: folder });
      assert.match(refused.stderr, /\(SignatureDoesNotMatch\)/);
      assert.notEqual(missing.code, 0);
      assert.notEqual(refused.code, 0);
    },
  );
});
