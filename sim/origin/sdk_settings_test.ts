/** What the AWS SDK asks of buckets and settings, and what it makes of the answers. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { refused, withSdk } from "../testing/sdk.ts";

const Bucket = "bucket";

Deno.test("DeleteObjects tells of every key", async () => {
  await withSdk(async (client, origin) => {
    for (const key of ["a", "b&<>", "c"]) origin.put(Bucket, key, key);
    const Objects = [{ Key: "a" }, { Key: "b&<>" }, { Key: "absent" }];
    const loud = await client.deleteObjects({ Bucket, Delete: { Objects } });
    assert.deepEqual(loud.Deleted?.map(({ Key }) => Key), ["a", "b&<>", "absent"]);
    const quiet = await client.deleteObjects({
      Bucket,
      Delete: { Objects: [{ Key: "c" }], Quiet: true },
    });
    assert.equal(quiet.Deleted, undefined);
    assert.equal(origin.bucket(Bucket).versions.size, 0);
  });
});

Deno.test("settings of objects: tags, ACL, locks, restoring", async () => {
  await withSdk(async (client) => {
    await client.createBucket({ Bucket: "locked", ObjectLockEnabledForBucket: true });
    const Locked = { Bucket: "locked", Key: "k" };
    const put = await client.putObject({ ...Locked, Body: "x" });
    await client.putObjectTagging({ ...Locked, Tagging: { TagSet: [{ Key: "a", Value: "1&2" }] } });
    const tagging = await client.getObjectTagging(Locked);
    assert.deepEqual(tagging.TagSet, [{ Key: "a", Value: "1&2" }]);
    await client.deleteObjectTagging(Locked);
    assert.deepEqual((await client.getObjectTagging(Locked)).TagSet, []);
    await client.putObjectAcl({ ...Locked, ACL: "public-read" });
    assert.equal((await client.getObjectAcl(Locked)).Grants?.length, 2);
    await refused(client.getObjectLegalHold(Locked), "NoSuchObjectLockConfiguration", 404);
    await client.putObjectLegalHold({ ...Locked, LegalHold: { Status: "ON" } });
    assert.equal((await client.getObjectLegalHold(Locked)).LegalHold?.Status, "ON");
    const VersionId = put.VersionId!;
    await refused(client.deleteObject({ ...Locked, VersionId }), "AccessDenied", 403);
    await client.putObjectLegalHold({ ...Locked, LegalHold: { Status: "OFF" } });
    const RetainUntilDate = new Date("2099-01-01T00:00:00Z");
    await client.putObjectRetention({
      ...Locked,
      Retention: { Mode: "GOVERNANCE", RetainUntilDate },
    });
    const kept = await client.getObjectRetention(Locked);
    assert.deepEqual(kept.Retention?.RetainUntilDate, RetainUntilDate);
    await refused(client.deleteObject({ ...Locked, VersionId }), "AccessDenied", 403);
    await client.deleteObject({ ...Locked, VersionId, BypassGovernanceRetention: true });
    assert.equal(
      (await client.getObjectLockConfiguration({ Bucket: "locked" })).ObjectLockConfiguration
        ?.ObjectLockEnabled,
      "Enabled",
    );
    const Cold = { Bucket, Key: "cold" };
    await client.putObject({ ...Cold, Body: "x", StorageClass: "GLACIER" });
    await refused(client.getObject(Cold), "InvalidObjectState", 403);
    await client.restoreObject({ ...Cold, RestoreRequest: { Days: 1 } });
    assert.match((await client.headObject(Cold)).Restore!, /ongoing-request="false"/);
  });
});

Deno.test("settings of buckets: absent, put, read, deleted", async () => {
  await withSdk(async (client) => {
    await refused(client.getBucketCors({ Bucket }), "NoSuchCORSConfiguration", 404);
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }];
    await client.putBucketCors({ Bucket, CORSConfiguration: { CORSRules } });
    assert.deepEqual((await client.getBucketCors({ Bucket })).CORSRules, CORSRules);
    await client.deleteBucketCors({ Bucket });
    await refused(client.getBucketPolicy({ Bucket }), "NoSuchBucketPolicy", 404);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await client.putBucketPolicy({ Bucket, Policy });
    assert.equal((await client.getBucketPolicy({ Bucket })).Policy, Policy);
    await client.deleteBucketPolicy({ Bucket });
    await refused(client.getBucketTagging({ Bucket }), "NoSuchTagSet", 404);
    await client.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } });
    assert.equal((await client.getBucketTagging({ Bucket })).TagSet?.length, 1);
    const encryption = await client.getBucketEncryption({ Bucket });
    assert.equal(encryption.ServerSideEncryptionConfiguration?.Rules?.length, 1);
    assert.equal((await client.getBucketRequestPayment({ Bucket })).Payer, "BucketOwner");
    assert.equal((await client.getBucketAccelerateConfiguration({ Bucket })).Status, undefined);
    assert.equal((await client.getBucketLogging({ Bucket })).LoggingEnabled, undefined);
    await client.getBucketNotificationConfiguration({ Bucket });
    await refused(
      client.getBucketLifecycleConfiguration({ Bucket }),
      "NoSuchLifecycleConfiguration",
      404,
    );
    await refused(client.getBucketWebsite({ Bucket }), "NoSuchWebsiteConfiguration", 404);
    await refused(
      client.getPublicAccessBlock({ Bucket }),
      "NoSuchPublicAccessBlockConfiguration",
      404,
    );
    await refused(
      client.getBucketReplication({ Bucket }),
      "ReplicationConfigurationNotFoundError",
      404,
    );
    const MetricsConfiguration = { Id: "m" };
    await client.putBucketMetricsConfiguration({ Bucket, Id: "m", MetricsConfiguration });
    const metrics = await client.listBucketMetricsConfigurations({ Bucket });
    assert.deepEqual(metrics.MetricsConfigurationList, [MetricsConfiguration]);
    await client.deleteBucketMetricsConfiguration({ Bucket, Id: "m" });
    await refused(
      client.getBucketMetricsConfiguration({ Bucket, Id: "m" }),
      "NoSuchConfiguration",
      404,
    );
    assert.equal((await client.getBucketAcl({ Bucket })).Grants?.length, 1);
  });
});

Deno.test("buckets: create, head, list, locate, delete", async () => {
  await withSdk(async (client, origin) => {
    await client.createBucket({ Bucket: "second" });
    await client.headBucket({ Bucket: "second" });
    const { Buckets } = await client.listBuckets();
    assert.deepEqual(Buckets?.map(({ Name }) => Name), ["bucket", "second"]);
    assert.equal((await client.getBucketLocation({ Bucket })).LocationConstraint, undefined);
    origin.put("second", "k", "x");
    await refused(client.deleteBucket({ Bucket: "second" }), "BucketNotEmpty", 409);
    origin.drop("second", "k");
    await client.deleteBucket({ Bucket: "second" });
    await refused(client.headBucket({ Bucket: "second" }), "NotFound", 404);
    await refused(client.listObjectsV2({ Bucket: "second" }), "NoSuchBucket", 404);
    await refused(client.createBucket({ Bucket: "Not_A_Name" }), "InvalidBucketName", 400);
    await refused(client.getBucketPolicyStatus({ Bucket }), "NotImplemented", 501);
  });
});

Deno.test("a customer's key is needed to read what it encrypted", async () => {
  await withSdk(async (client) => {
    const key = Buffer.alloc(32, 7);
    const encrypted = {
      Bucket,
      Key: "secret",
      SSECustomerAlgorithm: "AES256",
      SSECustomerKey: key.toString("latin1"),
    };
    await client.putObject({ ...encrypted, Body: "x" });
    await refused(client.getObject({ Bucket, Key: "secret" }), "InvalidRequest", 400);
    const get = await client.getObject(encrypted);
    assert.equal(await get.Body!.transformToString(), "x");
    await refused(
      client.getObject({ ...encrypted, SSECustomerKey: Buffer.alloc(32, 8).toString("latin1") }),
      "AccessDenied",
      403,
    );
  });
});

Deno.test("a bucket of another owner is refused", async () => {
  await withSdk(async (client, origin) => {
    origin.put(Bucket, "k", "x");
    const asked = { Bucket, Key: "k" };
    await refused(
      client.getObject({ ...asked, ExpectedBucketOwner: "999999999999" }),
      "AccessDenied",
      403,
    );
    const get = await client.getObject({ ...asked, ExpectedBucketOwner: "111122223333" });
    await get.Body!.transformToString();
  });
});
