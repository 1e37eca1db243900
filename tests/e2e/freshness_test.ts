import assert from "node:assert/strict";
import type { Answer, TestRequest } from "../_client.ts";
import { CLIENT_CREDENTIALS } from "../_proxy.ts";
import { contentMd5 } from "./_content_md5.ts";
import { assertSameAnswer } from "./_differential.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { postForm } from "./_post_form.ts";
import { e2eTest } from "./_tools.ts";

const BUCKET = "fresh-bucket";
const VERSIONED = "fresh-versions";
const RANGE = ["range", "bytes=0-2"] as const;

/** Ways to read an object that the cache can answer. */
const READS: readonly TestRequest[] = [{ target: "" }, { target: "", headers: [RANGE] }, {
  target: "",
  method: "HEAD",
}];

/** Has an object in the cache: put at the origin, read twice through the proxy. */
async function warm({ client, direct }: Fixture, target: string): Promise<void> {
  assert.equal((await direct.put(target, "old text", ["x-amz-meta-age", "old"])).status, 200);
  assert.equal((await client.get(target)).header("x-cache"), "MISS");
  assert.equal((await client.get(target)).header("x-cache"), "HIT");
}

/**
 * Reads whole, in part and by HEAD. Each is what the origin says; the first does not come
 * from the cache, all do once the object was read whole, if there is one.
 */
async function expectTruth({ client, direct }: Fixture, target: string): Promise<Answer> {
  const truth = await direct.get(target);
  const outcomes: (string | undefined)[] = [];
  for (const read of [...READS.toReversed(), ...READS]) {
    const request = { ...read, target };
    const answer = await client.send(request);
    assertSameAnswer(answer, await direct.send(request), `${request.method ?? "GET"} ${target}`);
    outcomes.push(answer.header("x-cache"));
  }
  const kept = truth.status === 200;
  assert.equal(outcomes[0], "MISS");
  assert.equal(outcomes.slice(3).every((outcome) => outcome === "HIT"), kept, `${outcomes}`);
  assert.ok(kept || !outcomes.includes("HIT"), `${outcomes}`);
  return truth;
}

/** Sends a write that must succeed. */
async function write({ client }: Fixture, request: TestRequest): Promise<Answer> {
  const answer = await client.send(request);
  assert.ok(answer.status < 300, `${request.method} ${request.target}: ${answer.text}`);
  return answer;
}

async function completeUpload(fixture: Fixture, target: string, text: string): Promise<void> {
  const created = await write(fixture, { method: "POST", target: `${target}?uploads` });
  const id = /<UploadId>([^<]+)/.exec(created.text)![1];
  const part = { method: "PUT", target: `${target}?partNumber=1&uploadId=${id}`, body: text };
  const etag = (await write(fixture, part)).header("etag");
  const body = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
    `<ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  const completed = await write(fixture, {
    method: "POST",
    target: `${target}?uploadId=${id}`,
    body,
  });
  assert.match(completed.text, /<ETag>/);
}

/** Each way to change an object: what it is called, what it does, and the text that is left. */
const WRITES: readonly (readonly [
  name: string,
  change: (fixture: Fixture, target: string) => Promise<unknown>,
  text: string | undefined,
])[] = [
  ["PutObject", (f, target) => write(f, { method: "PUT", target, body: "new text" }), "new text"],
  ["PutObject, no bytes", (f, target) => write(f, { method: "PUT", target, body: "" }), ""],
  ["DeleteObject", (f, target) => write(f, { method: "DELETE", target }), undefined],
  ["CopyObject", async (f, target) => {
    await write(f, { method: "PUT", target: `${target}-source`, body: "copied" });
    const headers = [["x-amz-copy-source", `${target}-source`]] as const;
    await write(f, { method: "PUT", target, headers });
  }, "copied"],
  [
    "CopyObject onto itself, metadata replaced",
    (f, target) =>
      write(f, {
        method: "PUT",
        target,
        headers: [
          ["x-amz-copy-source", target],
          ["x-amz-metadata-directive", "REPLACE"],
          ["x-amz-meta-age", "new"],
        ],
      }),
    "old text",
  ],
  ["CompleteMultipartUpload", (f, target) => completeUpload(f, target, "parts"), "parts"],
  ["DeleteObjects", (f, target) => {
    const key = target.slice(BUCKET.length + 2);
    const body = `<Delete><Quiet>true</Quiet><Object><Key>${key}</Key></Object></Delete>`;
    const headers = [contentMd5(body)];
    return write(f, { method: "POST", target: `/${BUCKET}?delete`, body, headers });
  }, undefined],
  [
    "PostObject",
    (f, target) =>
      write(f, postForm(CLIENT_CREDENTIALS, BUCKET, target.slice(BUCKET.length + 2), "posted")),
    "posted",
  ],
  ["PutObjectTagging", (f, target) => {
    const body = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    const headers = [contentMd5(body)];
    return write(f, { method: "PUT", target: `${target}?tagging`, body, headers });
  }, "old text"],
];

e2eTest("after a write through the proxy the next read is the truth", ["versitygw"], async (
  t,
  { versitygw },
) => {
  await using fixture = await startFixture(versitygw, [BUCKET, VERSIONED]);
  for (const [index, [name, change, text]] of WRITES.entries()) {
    await t.step(name, async () => {
      const target = `/${BUCKET}/key-${index}`;
      await warm(fixture, target);
      await change(fixture, target);
      const truth = await expectTruth(fixture, target);
      assert.equal(truth.status === 200 ? truth.text : undefined, text);
    });
  }
  await t.step("DeleteObject, and DeleteObject of its delete marker", async () => {
    const target = `/${VERSIONED}/key`;
    const body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    const headers = [contentMd5(body)];
    await write(fixture, { method: "PUT", target: `/${VERSIONED}?versioning`, body, headers });
    await warm(fixture, target);
    const version = (await fixture.client.get(target)).header("x-amz-version-id");
    const marker = await write(fixture, { method: "DELETE", target });
    assert.equal((await expectTruth(fixture, target)).status, 404);
    await expectTruth(fixture, `${target}?versionId=${version}`);
    const markerId = marker.header("x-amz-version-id");
    await write(fixture, { method: "DELETE", target: `${target}?versionId=${markerId}` });
    assert.equal((await expectTruth(fixture, target)).text, "old text");
    await write(fixture, { method: "PUT", target, body: "newer" });
    assert.equal((await expectTruth(fixture, target)).text, "newer");
    assert.equal((await expectTruth(fixture, `${target}?versionId=${version}`)).text, "old text");
  });
  await t.step("a refused write leaves what there was", async () => {
    const target = `/${BUCKET}/refused`;
    await warm(fixture, target);
    const headers = [["if-none-match", "*"] as const];
    const refused = await fixture.client.send({ method: "PUT", target, body: "new", headers });
    assert.equal(refused.status, 412);
    assert.equal((await expectTruth(fixture, target)).text, "old text");
  });
});
