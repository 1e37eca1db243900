import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import {
  type ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createSdkClient } from "./_sdk_client.ts";
import { type Fixture, startFixture } from "./_fixture.ts";
import { e2eTest } from "./_tools.ts";

const Bucket = "sdk-bucket";
const ALGORITHMS: readonly ChecksumAlgorithm[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

/** Uploads a stream with a trailer, and holds its checksum against what the origin says. */
async function checkTrailer(
  fixture: Fixture,
  s3: S3Client,
  path: string,
  algorithm: ChecksumAlgorithm,
): Promise<void> {
  const Key = `trailer-${algorithm}`;
  const member = `Checksum${algorithm}` as const;
  const Body = createReadStream(path);
  const put = await s3.send(
    new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm: algorithm }),
  );
  const sum = put[member];
  assert.match(sum ?? "", /^[A-Za-z0-9+/]+=*$/, "the answer to PutObject");
  const field = `x-amz-checksum-${algorithm.toLowerCase()}`;
  const target = `/${Bucket}/${Key}`;
  const direct = await fixture.direct.get(target, ["x-amz-checksum-mode", "ENABLED"]);
  assert.equal(direct.header(field), sum, "at the origin");
  assert.deepEqual(direct.body, await Deno.readFile(path));
  for (const outcome of ["MISS", "HIT"]) {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    assert.deepEqual(await got.Body!.transformToByteArray(), direct.body);
    assert.equal(got[member], sum, outcome);
    const raw = await fixture.client.head(target, ["x-amz-checksum-mode", "ENABLED"]);
    assert.deepEqual([raw.header(field), raw.header("x-cache")], [sum, "HIT"]);
  }
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
  assert.equal(head[member], sum);
  const attributes = new GetObjectAttributesCommand({
    Bucket,
    Key,
    ObjectAttributes: ["Checksum"],
  });
  assert.equal((await s3.send(attributes)).Checksum?.[member], sum);
}

e2eTest("the SDK for JavaScript works through the proxy", ["versitygw"], async (
  t,
  { versitygw },
) => {
  await using fixture = await startFixture(versitygw, [Bucket]);
  const s3 = createSdkClient(fixture.proxy.url);
  const path = `${fixture.folder}/upload`;
  await Deno.writeTextFile(path, "0123456789".repeat(20_000));

  for (const algorithm of ALGORITHMS) {
    await t.step(`a stream with a ${algorithm} trailer`, async () => {
      await checkTrailer(fixture, s3, path, algorithm);
    });
  }
  await t.step("odd keys: put, list, copy, tag, get, DeleteObjects", async () => {
    const keys = [
      "odd/a b+c",
      "odd/é🦊",
      "odd/?x#y",
      "odd/%25",
      "odd/a&b=c;d",
      "odd/'\"\\",
      "odd/ü",
    ];
    for (const Key of keys) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, Metadata: { Kind: "odd" } }));
      const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
      assert.deepEqual([await got.Body!.transformToString(), got.Metadata], [Key, { kind: "odd" }]);
    }
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "odd/" }));
    assert.deepEqual(Contents!.map(({ Key }) => Key).toSorted(), keys.toSorted());
    const CopySource = `/${Bucket}/${encodeURIComponent(keys[0]!)}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copied", CopySource }));
    const TagSet = [{ Key: "a", Value: "b" }];
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "copied", Tagging: { TagSet } }));
    const copied = await s3.send(new GetObjectCommand({ Bucket, Key: "copied" }));
    assert.deepEqual([await copied.Body!.transformToString(), copied.TagCount], [keys[0], 1]);
    const Objects = keys.map((Key) => ({ Key }));
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.deepEqual(Deleted!.map(({ Key }) => Key).toSorted(), keys.toSorted());
    for (const Key of keys) {
      const gone = s3.send(new GetObjectCommand({ Bucket, Key }));
      await assert.rejects(gone, { name: "NoSuchKey" });
    }
  });
  await t.step("versions", async () => {
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    const ids: string[] = [];
    for (const Body of ["one", "two", "three"]) {
      const put = await s3.send(new PutObjectCommand({ Bucket, Key: "versioned", Body }));
      ids.push(put.VersionId!);
    }
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "versioned" }));
    const command = new GetObjectCommand({ Bucket, Key: "versioned", VersionId: ids[1]! });
    for (const _ of ["MISS", "HIT"]) {
      assert.equal(await (await s3.send(command)).Body!.transformToString(), "two");
    }
    const listed: string[] = [];
    let markers = 0;
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      page = await s3.send(
        new ListObjectVersionsCommand({
          Bucket,
          Prefix: "versioned",
          MaxKeys: 2,
          KeyMarker: page?.NextKeyMarker,
          VersionIdMarker: page?.NextVersionIdMarker,
        }),
      );
      listed.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId!));
      markers += page.DeleteMarkers?.length ?? 0;
    } while (page.IsTruncated);
    assert.deepEqual([listed.toSorted(), markers], [ids.toSorted(), 1]);
  });
  await t.step("presigned PUT and GET", async () => {
    const at = { Bucket, Key: "pre signed+é" };
    const url = await getSignedUrl(s3, new PutObjectCommand(at), { expiresIn: 60 });
    const put = await fetch(url, { method: "PUT", body: "presigned" });
    assert.equal(put.status, 200, await put.text());
    const read = await getSignedUrl(
      s3,
      new GetObjectCommand({ ...at, ResponseContentType: "a/b" }),
    );
    const get = await fetch(read);
    assert.deepEqual(
      [get.status, get.headers.get("content-type"), await get.text()],
      [200, "a/b", "presigned"],
    );
  });
  s3.destroy();
});
