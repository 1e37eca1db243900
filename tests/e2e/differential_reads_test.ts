import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { HeaderPair } from "@s3-edge-cache/s3";
import { contentMd5 } from "./_content_md5.ts";
import { assertTransparent, assertTransparentInCrowd } from "./_differential.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { bucketCases, objectCases, type ObjectKind, PLAIN_TEXT } from "./_read_cases.ts";
import { e2eTest } from "./_tools.ts";

const BUCKET = "diff-reads";

const FIELDS: readonly HeaderPair[] = [
  ["content-type", "text/x-fox; charset=utf-8"],
  ["content-language", "en"],
  ["content-disposition", 'inline; filename="fox.txt"'],
  ["cache-control", "max-age=60"],
  ["expires", "Thu, 01 Dec 2033 16:00:00 GMT"],
  ["x-amz-meta-plain", "value"],
  ["x-amz-meta-spaced", "two  words"],
  ["x-amz-tagging", "colour=red"],
];

/** Makes the object of a case, at the origin itself, and gives its ETag. */
async function make({ direct }: Fixture, target: string, kind: ObjectKind): Promise<string> {
  if (kind === "missing") return "";
  const answer = kind === "gzip"
    ? await direct.put(target, gzipSync(PLAIN_TEXT.repeat(20)), ["content-encoding", "gzip"])
    : kind === "empty"
    ? await direct.put(target, "")
    : await direct.put(target, PLAIN_TEXT, ...FIELDS);
  assert.equal(answer.status, 200);
  return answer.header("etag")!;
}

async function configure({ direct }: Fixture): Promise<void> {
  const settings: Record<string, string> = {
    cors: "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>" +
      "<AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule>" +
      "</CORSConfiguration>",
    tagging: "<Tagging><TagSet><Tag><Key>team</Key><Value>one</Value></Tag></TagSet></Tagging>",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${BUCKET}/public/*`,
      }],
    }),
  };
  for (const [name, document] of Object.entries(settings)) {
    const { status, text } = await direct.put(
      `/${BUCKET}?${name}`,
      document,
      contentMd5(document),
    );
    assert.ok(status < 300, `${name}: ${text}`);
  }
  for (const key of ["tree/a", "tree/b", "tree/deep/c", "tree%20%2B%26/%C3%A9"]) {
    await direct.put(`/${BUCKET}/${key}`, key);
  }
  await direct.post(`/${BUCKET}/upload-one?uploads`, "");
  await direct.post(`/${BUCKET}/up/two?uploads`, "");
}

e2eTest("reads answer as the origin does", ["versitygw"], async (t, { versitygw }) => {
  await using fixture = await startFixture(versitygw, [BUCKET, "diff-bare"]);
  await configure(fixture);
  for (const bucket of [BUCKET, "diff-bare"]) {
    for (const request of bucketCases(bucket)) {
      await t.step(`${bucket}: ${request.name}`, async () => {
        await assertTransparent(fixture, request, request.name);
      });
    }
  }
  const etag = await make(fixture, `/${BUCKET}/plain`, "plain");
  for (const [index, { name, ...rest }] of objectCases(etag).entries()) {
    const { method = "GET", query = "", headers = [], object = "plain", hit = false } = rest;
    const request = async (key: string) => {
      const path = `/${BUCKET}/${key}-${index}`;
      await make(fixture, path, object);
      return { method, target: query === "" ? path : `${path}?${query}`, headers };
    };
    await t.step(name, async () => {
      const warm = await assertTransparent(fixture, await request("case"), name);
      assert.equal(warm.header("x-cache"), hit ? "HIT" : warm.header("x-cache"), "x-cache");
    });
    await t.step(`${name}, in a crowd`, async () => {
      await assertTransparentInCrowd(fixture, await request("crowd"), name);
    });
  }
});
