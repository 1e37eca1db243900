/** What the AWS SDK asks of objects, and what it makes of the answers. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type * as s3 from "@aws-sdk/client-s3";
import { refused, withSdk } from "../testing/sdk.ts";

const Bucket = "bucket";

Deno.test("objects: put, get, head, conditions, ranges, delete", async () => {
  await withSdk(async (client, origin) => {
    const Key = "a b/ü+&=;'\"(1)*~!@,:$?#%";
    const put = await client.putObject({
      Bucket,
      Key,
      Body: "0123456789",
      ContentType: "text/plain",
      CacheControl: "max-age=60",
      Metadata: { Color: "blue" },
      Tagging: "a=1&b=2",
    });
    assert.equal(put.ETag, '"781e5e245d69b566979b86e28d23f2c7"');
    assert.equal(put.ChecksumCRC32, "poTHxg==");
    assert.equal(put.ServerSideEncryption, "AES256");
    assert.equal(origin.get(Bucket, Key)?.body.length, 10);
    const get = await client.getObject({ Bucket, Key, ChecksumMode: "ENABLED" });
    assert.equal(await get.Body!.transformToString(), "0123456789");
    assert.deepEqual(get.Metadata, { color: "blue" });
    assert.equal(get.ContentType, "text/plain");
    assert.equal(get.CacheControl, "max-age=60");
    assert.equal(get.TagCount, 2);
    assert.equal(get.ChecksumCRC32, "poTHxg==");
    const head = await client.headObject({ Bucket, Key });
    assert.equal(head.ContentLength, 10);
    const range = await client.getObject({ Bucket, Key, Range: "bytes=2-4" });
    assert.equal(await range.Body!.transformToString(), "234");
    assert.equal(range.ContentRange, "bytes 2-4/10");
    await refused(client.getObject({ Bucket, Key, Range: "bytes=10-" }), "InvalidRange", 416);
    await refused(client.getObject({ Bucket, Key, IfMatch: '"x"' }), "PreconditionFailed", 412);
    await refused(client.headObject({ Bucket, Key, IfNoneMatch: put.ETag! }), "Unknown", 304);
    await refused(
      client.putObject({ Bucket, Key, Body: "x", IfNoneMatch: "*" }),
      "PreconditionFailed",
      412,
    );
    const shaped = await client.getObject({ Bucket, Key, ResponseContentType: "text/x" });
    assert.equal(shaped.ContentType, "text/x");
    await shaped.Body!.transformToString();
    await client.deleteObject({ Bucket, Key });
    await refused(client.getObject({ Bucket, Key }), "NoSuchKey", 404);
    await refused(client.headObject({ Bucket, Key }), "NotFound", 404);
  });
});

Deno.test("every checksum is verified, kept and given back", async () => {
  await withSdk(async (client) => {
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const) {
      const Body = Buffer.from("a body of " + ChecksumAlgorithm);
      await client.putObject({ Bucket, Key: ChecksumAlgorithm, Body, ChecksumAlgorithm });
      const head = await client.headObject({
        Bucket,
        Key: ChecksumAlgorithm,
        ChecksumMode: "ENABLED",
      });
      assert.ok(head[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
      assert.equal(head.ChecksumType, "FULL_OBJECT");
      const get = await client.getObject({
        Bucket,
        Key: ChecksumAlgorithm,
        ChecksumMode: "ENABLED",
      });
      assert.equal(await get.Body!.transformToString(), Body.toString());
    }
    const wrong = client.putObject({ Bucket, Key: "wrong", Body: "x", ChecksumCRC32: "AAAAAA==" });
    await refused(wrong, "BadDigest", 400);
    await refused(client.headObject({ Bucket, Key: "wrong" }), "NotFound", 404);
  });
});

Deno.test("listings: keys, common prefixes, pages, odd keys", async () => {
  await withSdk(async (client, origin) => {
    for (const key of ["a/1", "a/2", "b", "c d+e", "ü", "&<>\r"]) origin.put(Bucket, key, key);
    const all = await client.listObjectsV2({ Bucket, EncodingType: "url" });
    assert.equal(all.KeyCount, 6);
    const v1 = await client.listObjects({ Bucket, Delimiter: "/", MaxKeys: 2 });
    assert.deepEqual(v1.Contents?.map(({ Key }) => Key), ["&<>\r"]);
    assert.deepEqual(v1.CommonPrefixes, [{ Prefix: "a/" }]);
    assert.equal(v1.NextMarker, "a/");
    const rest = await client.listObjects({ Bucket, Delimiter: "/", Marker: v1.NextMarker! });
    assert.deepEqual(rest.Contents?.map(({ Key }) => Key), ["b", "c d+e", "ü"]);
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: s3.ListObjectsV2CommandOutput = await client.listObjectsV2({
        Bucket,
        MaxKeys: 2,
        ContinuationToken,
      });
      keys.push(...page.Contents!.map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    assert.deepEqual(keys, ["&<>\r", "a/1", "a/2", "b", "c d+e", "ü"]);
  });
});

Deno.test("versions: ids, delete markers, listing, suspension", async () => {
  await withSdk(async (client) => {
    const Key = "versioned";
    await client.putObject({ Bucket, Key, Body: "0" });
    await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    assert.equal((await client.getBucketVersioning({ Bucket })).Status, "Enabled");
    const one = await client.putObject({ Bucket, Key, Body: "1" });
    const gone = await client.deleteObject({ Bucket, Key });
    assert.equal(gone.DeleteMarker, true);
    await refused(client.getObject({ Bucket, Key }), "NoSuchKey", 404);
    await refused(
      client.getObject({ Bucket, Key, VersionId: gone.VersionId! }),
      "MethodNotAllowed",
      405,
    );
    await refused(client.getObject({ Bucket, Key, VersionId: "none" }), "NoSuchVersion", 404);
    const old = await client.getObject({ Bucket, Key, VersionId: "null" });
    assert.equal(await old.Body!.transformToString(), "0");
    const listed = await client.listObjectVersions({ Bucket });
    assert.deepEqual(listed.Versions?.map(({ VersionId }) => VersionId), [one.VersionId, "null"]);
    assert.equal(listed.DeleteMarkers?.[0]?.IsLatest, true);
    await client.deleteObject({ Bucket, Key, VersionId: gone.VersionId! });
    const back = await client.getObject({ Bucket, Key });
    assert.equal(back.VersionId, one.VersionId);
    await back.Body!.transformToString();
    await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
    assert.equal((await client.putObject({ Bucket, Key, Body: "2" })).VersionId, "null");
    const pages = await client.listObjectVersions({ Bucket, MaxKeys: 1 });
    const next = await client.listObjectVersions({
      Bucket,
      KeyMarker: pages.NextKeyMarker!,
      VersionIdMarker: pages.NextVersionIdMarker!,
    });
    assert.deepEqual(next.Versions?.map(({ VersionId }) => VersionId), [one.VersionId]);
  });
});

Deno.test("multipart: parts, listing, completion, attributes, abortion", async () => {
  await withSdk(async (client, origin) => {
    const Key = "parts";
    const { UploadId } = await client.createMultipartUpload({
      Bucket,
      Key,
      ChecksumAlgorithm: "CRC32",
    });
    const uploaded = [];
    for (const [index, Body] of ["first", "second", "3"].entries()) {
      const PartNumber = index + 1;
      const part = await client.uploadPart({ Bucket, Key, UploadId, PartNumber, Body });
      uploaded.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
    }
    const listed = await client.listParts({ Bucket, Key, UploadId });
    assert.deepEqual(listed.Parts?.map(({ Size }) => Size), [5, 6, 1]);
    const uploads = await client.listMultipartUploads({ Bucket });
    assert.equal(uploads.Uploads?.[0]?.UploadId, UploadId);
    const complete = (Parts: s3.CompletedPart[]) =>
      client.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
    await refused(complete(uploaded.toReversed()), "InvalidPartOrder", 400);
    await refused(complete([{ ...uploaded[0], ETag: '"x"' }]), "InvalidPart", 400);
    const done = await complete(uploaded);
    assert.match(done.ETag!, /^"[0-9a-f]{32}-3"$/);
    assert.equal(done.ChecksumType, "COMPOSITE");
    assert.match(done.ChecksumCRC32!, /-3$/);
    await refused(complete(uploaded), "NoSuchUpload", 404);
    assert.equal(Buffer.from(origin.get(Bucket, Key)!.body).toString(), "firstsecond3");
    const part = await client.getObject({ Bucket, Key, PartNumber: 2 });
    assert.equal(await part.Body!.transformToString(), "second");
    assert.equal(part.PartsCount, 3);
    const attributes = await client.getObjectAttributes({
      Bucket,
      Key,
      ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass"],
    });
    assert.equal(attributes.ObjectSize, 12);
    assert.equal(attributes.ObjectParts?.TotalPartsCount, 3);
    assert.equal(attributes.ObjectParts?.Parts?.[1]?.Size, 6);
    const second = await client.createMultipartUpload({
      Bucket,
      Key,
      ChecksumAlgorithm: "CRC32",
    });
    await client.abortMultipartUpload({ Bucket, Key, UploadId: second.UploadId });
    await refused(
      client.listParts({ Bucket, Key, UploadId: second.UploadId }),
      "NoSuchUpload",
      404,
    );
  }, { minimumPartSize: 2 });
});

Deno.test("a part that is too small is refused at the end", async () => {
  await withSdk(async (client) => {
    const Key = "small";
    const { UploadId } = await client.createMultipartUpload({
      Bucket,
      Key,
      ChecksumAlgorithm: "CRC32",
    });
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const part = await client.uploadPart({ Bucket, Key, UploadId, PartNumber, Body: "x" });
      Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
    }
    const done = client.completeMultipartUpload({
      Bucket,
      Key,
      UploadId,
      MultipartUpload: { Parts },
    });
    await refused(done, "EntityTooSmall", 400);
  });
});

Deno.test("copies: metadata, conditions, parts", async () => {
  await withSdk(async (client, origin) => {
    const CopySource = "bucket/source%20%2B";
    origin.put(Bucket, "source +", "0123456789", [["x-amz-meta-a", "1"], ["content-type", "x/y"]]);
    const copied = await client.copyObject({ Bucket, Key: "copy", CopySource });
    assert.equal(copied.CopyObjectResult?.ETag, origin.get(Bucket, "copy")?.etag);
    assert.deepEqual(origin.get(Bucket, "copy")?.metadata, [["x-amz-meta-a", "1"]]);
    await client.copyObject({
      Bucket,
      Key: "copy",
      CopySource,
      MetadataDirective: "REPLACE",
      Metadata: { b: "2" },
    });
    assert.deepEqual(origin.get(Bucket, "copy")?.metadata, [["x-amz-meta-b", "2"]]);
    await refused(
      client.copyObject({ Bucket, Key: "source +", CopySource }),
      "InvalidRequest",
      400,
    );
    await refused(
      client.copyObject({ Bucket, Key: "copy", CopySource, CopySourceIfMatch: "x" }),
      "PreconditionFailed",
      412,
    );
    const { UploadId } = await client.createMultipartUpload({ Bucket, Key: "p" });
    const part = await client.uploadPartCopy({
      Bucket,
      Key: "p",
      UploadId,
      PartNumber: 1,
      CopySource,
      CopySourceRange: "bytes=1-3",
    });
    await client.completeMultipartUpload({
      Bucket,
      Key: "p",
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ...part.CopyPartResult }] },
    });
    assert.equal(Buffer.from(origin.get(Bucket, "p")!.body).toString(), "123");
  });
});
